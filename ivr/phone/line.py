"""How does Twilio put a request to the hotline? Signed, repeated as its URL says, then to the fallback."""

import secrets
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from ivr.phone.element import TwimlError
from ivr.phone.reading import read
from ivr.phone.transport import Answer, NoAnswer, Transport
from ivr.phone.verbs import Verb

API_VERSION = "2010-04-01"
TWILIO_API = "https://api.twilio.com"
HTTP_FAILED = 11200


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as the hotline got it, and what it answered: ``answer`` is None when nobody did.

    ``again`` is the answer to the same request repeated, when the phone was told to repeat itself.
    """

    method: str
    url: str
    form: Mapping[str, str]
    answer: Answer | None
    ms: float
    tries: int
    again: Answer | None = None

    @property
    def ok(self) -> bool:
        return self.answer is not None and self.answer.ok

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def text(self) -> str:
        return self.answer.body.decode(errors="replace") if self.answer else ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The verbs of a document, or None when neither it nor the fallback could be used; and how that went."""

    verbs: tuple[Verb, ...] | None
    exchanges: tuple[Exchange, ...]
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One telephone number of one account, as it would be set up in Twilio's console.

    ``recordings_url``: where recordings are put and said to be (below it as on Twilio's API); None: nowhere, they are
    said to be at Twilio.
    """

    base_url: str
    account_sid: str
    auth_token: str = field(repr=False)
    transport: Transport = field(repr=False)
    number: str = "+8657400000001"
    recordings_url: str | None = None
    voice_path: str = "/voice/incoming"
    status_path: str = "/voice/status"
    fallback_path: str = "/voice/fallback"

    def url(self, path: str) -> str:
        return urljoin(self.base_url + "/", path.lstrip("/"))

    def recording_url(self, sid: str) -> str:
        return f"{self.recordings_url or TWILIO_API}/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{sid}"

    def request(self, url: str, form: Mapping[str, str], method: str = "POST", *, repeat: bool = False) -> Exchange:
        """Send *form*, as often as the URL's fragment allows; *repeat*: once more though it was answered."""
        target, body = _aimed(url, form, method)
        retries = Retries.of(url)
        token = secrets.token_hex(16)
        started = time.perf_counter()
        for tries in range(1, 2 + retries.count):
            outcome, answer = self._send(method, target, body, token if tries > 1 else None)
            if outcome not in retries.policies:
                break
        ms = (time.perf_counter() - started) * 1000
        again = self._send(method, target, body, token)[1] if repeat else None
        return Exchange(method, target, form, answer, ms, tries, again)

    def fetch(self, url: str, form: Mapping[str, str], method: str = "POST", *, repeat: bool = False) -> Fetched:
        """The document at *url*; where it fails, the number's fallback document."""
        exchange = self.request(url, form, method, repeat=repeat)
        try:
            return Fetched(_document(exchange), (exchange,))
        except TwimlError as error:
            trouble = f"{exchange.path}: {error}"
            told = {**form, "ErrorCode": str(error.code), "ErrorUrl": exchange.url}
        fallback = self.request(self.url(self.fallback_path), told)
        try:
            return Fetched(_document(fallback), (exchange, fallback), (trouble,))
        except TwimlError as error:
            return Fetched(None, (exchange, fallback), (trouble, f"{self.fallback_path}: {error}"))

    def upload(self, sid: str, wav: bytes) -> bool:
        """Put a recording where the hotline will fetch it; True when there is nowhere to put it."""
        if self.recordings_url is None:
            return True
        login = b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "audio/wav"}
        try:
            return self.transport("PUT", self.recording_url(sid) + ".wav", wav, headers).ok
        except NoAnswer:
            return False

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """``X-Twilio-Signature``. Over https Twilio leaves the port out of what it signs, over http it does not.

        https://www.twilio.com/docs/usage/webhooks/webhooks-security
        """
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.port:
            url = urlunsplit(parts._replace(netloc=parts.hostname or ""))
        return str(RequestValidator(self.auth_token).compute_signature(url, form))

    def _send(
        self, method: str, url: str, body: Mapping[str, str] | None, token: str | None
    ) -> tuple[str, Answer | None]:
        """One try: how it ended, in the words of a retry policy, and the answer."""
        headers = {"X-Twilio-Signature": self.sign(url, body or {}), "User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}
        if token:
            headers["I-Twilio-Idempotency-Token"] = token
        try:
            answer = self.transport(method, url, body, headers)
        except NoAnswer as silence:
            return silence.why, None
        return f"{answer.status // 100}xx", answer


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is repeated, and after which outcomes (``ct``, ``rt``, ``4xx``, ``5xx``)."""

    count: int = 1
    policies: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str) -> "Retries":
        """What the fragment of *url* says, e.g. ``#rc=2&rp=ct,rt,5xx``.

        https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
        """
        wishes = dict(parse_qsl(urldefrag(url).fragment))
        policies = frozenset(wishes.get("rp", "ct").split(","))
        if "all" in policies:
            policies = frozenset({"ct", "rt", "4xx", "5xx"})
        return cls(int(wishes.get("rc", "1")), policies)


def _aimed(url: str, form: Mapping[str, str], method: str) -> tuple[str, Mapping[str, str] | None]:
    """Where a request goes, and its body: the fields of a GET are in its query. Fragments are never sent."""
    url = urldefrag(url).url
    if method == "POST":
        return url, form
    return url + ("&" if urlsplit(url).query else "?") + urlencode(form), None


def _document(exchange: Exchange) -> tuple[Verb, ...]:
    """The verbs that came back; raises ``TwimlError`` as Twilio would log it."""
    answer = exchange.answer
    if answer is None:
        raise TwimlError(HTTP_FAILED, "nobody answered")
    if not answer.ok:
        raise TwimlError(HTTP_FAILED, f"the answer was {answer.status}")
    return read(answer.body, answer.content_type, exchange.url)
