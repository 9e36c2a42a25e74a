"""One element of a TwiML document: its attributes taken one by one, each checked as Twilio checks it."""

import re
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

BAD_URL, TOO_LARGE, BAD_XML, BAD_SCHEMA, BAD_TYPE = 11100, 11750, 12100, 12200, 12300


class TwimlError(Exception):
    """Twilio would refuse this answer. ``code`` is its error code, https://www.twilio.com/docs/api/errors."""

    def __init__(self, code: int, trouble: str) -> None:
        super().__init__(f"{code}: {trouble}")
        self.code = code


class Reader:
    """Takes the attributes of one element; what nobody took is an error."""

    def __init__(self, element: Element, url: str) -> None:
        self.element, self.base = element, url
        self.left = dict(element.attrib)

    def text(self, name: str, default: str = "") -> str:
        return self.left.pop(name, default)

    def choice(self, name: str, *allowed: str) -> str:
        """One of *allowed*; the first is the default."""
        value = self.text(name, allowed[0])
        if value not in allowed:
            raise self.wrong(name, value)
        return value

    def flag(self, name: str, default: bool) -> bool:
        return self.choice(name, *(("true", "false") if default else ("false", "true"))) == "true"

    def whole(self, name: str, default: int, least: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) < least:
            raise self.wrong(name, value)
        return int(value)

    def keys(self, name: str, default: str, most: int) -> str:
        value = self.text(name, default)
        if not re.fullmatch(r"[0-9*#]*", value) or len(value) > most:
            raise self.wrong(name, value)
        return value

    def method(self, name: str = "method") -> str:
        return self.choice(name, "POST", "GET")

    def optional_url(self, name: str) -> str | None:
        value = self.text(name)
        return self.absolute(value) if value else None

    def url(self, name: str) -> str:
        """An address; without one, this document's own."""
        return self.optional_url(name) or self.base

    def absolute(self, url: str) -> str:
        whole = urljoin(self.base, url.strip())
        if not re.match(r"https?://[^/_]+(/|\?|#|$)", whole):
            raise TwimlError(BAD_URL, f"<{self.element.tag}> points to an address that cannot be requested: {whole}")
        return whole

    def content_url(self) -> str:
        if len(self.element) or not (self.element.text or "").strip():
            raise TwimlError(BAD_SCHEMA, f"<{self.element.tag}> needs an address and nothing else")
        return self.absolute(self.element.text or "")

    def no_text(self) -> None:
        if "".join(filter(None, [self.element.text, *(child.tail for child in self.element)])).strip():
            raise TwimlError(BAD_SCHEMA, f"<{self.element.tag}> holds text, which nobody would hear")

    def empty(self) -> None:
        self.no_text()
        if len(self.element):
            raise TwimlError(BAD_SCHEMA, f"<{self.element.tag}> cannot hold <{self.element[0].tag}>")

    def done(self) -> None:
        if self.left:
            raise TwimlError(BAD_SCHEMA, f"<{self.element.tag}> has no attribute {sorted(self.left)[0]}")

    def wrong(self, name: str, value: str) -> TwimlError:
        return TwimlError(BAD_SCHEMA, f"<{self.element.tag} {name}> cannot be {value!r}")
