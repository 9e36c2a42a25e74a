"""Does Twilio understand this document? Held against ``twiml_rules.json``, stricter where Twilio only warns."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

RULES = json.loads(Path(__file__).with_name("twiml_rules.json").read_text())
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
URL = re.compile(r"(https?://[^\s/_]+(/\S*)?|/\S*|[^\s:]+)")
PHONE = re.compile(r"\+?[0-9]{3,15}")
CHINESE = re.compile(r"cmn|zh|yue")


def problems(xml: str, context: str = "call") -> list[str]:
    """What is wrong with a document, one sentence each; none: Twilio does as it says.

    *context*: ``call`` (an answer to a call), ``number_whisper`` (before a bridge), ``status_callback``.
    """
    found = []
    if len(xml.encode()) > RULES["max_document_bytes"]:
        found.append("the document is larger than 64 kB")
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - our own document
    except ElementTree.ParseError as error:
        return [*found, f"no XML: {error}"]
    if root.tag != "Response":
        return [*found, f"the root is <{root.tag}>, not <Response>"]
    return [*found, *_of_document(root, context), *_of_element(root)]


def _of_document(root: Element, context: str) -> Iterator[str]:
    """What only shows in the whole: verbs out of place, verbs never reached, an end in silence."""
    allowed = RULES["contexts"][context]["verbs"]
    verbs = list(root)
    yield from (f"<{verb.tag}> has no place in a {context} document" for verb in verbs if verb.tag not in allowed)
    for place, verb in enumerate(verbs):
        rules = RULES["elements"].get(verb.tag, {})
        if rules.get("ends") and verb is not verbs[-1]:
            yield f"what follows <{verb.tag}> is never reached"
        if rules.get("first") and place:
            yield f"<{verb.tag}> must come first"
    if context == "call" and verbs and verbs[-1].tag in ("Gather", "Record"):
        yield f"nothing follows <{verbs[-1].tag}>: silence would hang up on the caller"


def _of_element(element: Element) -> Iterator[str]:
    rules = RULES["elements"].get(element.tag)
    if rules is None:
        yield f"<{element.tag}> is no element we may use"
        return
    attributes = {("xml:lang" if name == XML_LANG else name): value for name, value in element.attrib.items()}
    for name, value in attributes.items():
        rule = rules["attributes"].get(name)
        if rule is None:
            yield f"<{element.tag}> has no attribute {name}"
        elif not _fits(value, rule):
            yield f"<{element.tag} {name}> cannot be {value!r}"
    yield from (f"<{element.tag}> needs {name}" for name in rules.get("required", ()) if name not in attributes)
    if "some_of" in rules and not attributes.keys() & set(rules["some_of"]):
        yield f"<{element.tag}> needs one of {', '.join(rules['some_of'])}"
    if len(element) > rules.get("most_children", len(element)):
        yield f"<{element.tag}> holds more than {rules['most_children']}"
    yield from _of_text(element, rules["text"])
    if element.tag == "Say":
        yield from _of_voice(element, attributes, rules)
    if element.tag == "Gather":
        yield from _of_question(attributes, rules)
    for child in element:
        if child.tag in rules["children"]:
            yield from _of_element(child)
        elif element.tag != "Response":
            yield f"<{element.tag}> cannot hold <{child.tag}>"


def _fits(value: str, rule: dict[str, Any]) -> bool:
    match rule["type"]:
        case "bool":
            return value in ("true", "false")
        case "url":
            return URL.fullmatch(value) is not None
        case "int":
            if not re.fullmatch("[0-9]+", value):
                return False
            return rule.get("min", 0) <= int(value) <= rule.get("max", int(value))
        case "int_or":
            return value in rule["values"] or _fits(value, {**rule, "type": "int"})
        case "enum":
            return value in rule["values"]
        case "enum_list":
            return bool(value.split()) and set(value.split(" ")) <= set(rule["values"])
        case "pattern_or_enum":
            return value in rule["values"] or re.fullmatch(rule["pattern"], value) is not None
        case "hints":
            hints = value.split(",")
            return len(hints) <= rule["max_entries"] and all(0 < len(h) <= rule["max_entry_chars"] for h in hints)
        case _:
            short_enough = len(value) <= rule.get("max_chars", len(value))
            return short_enough and re.search(rule.get("pattern", ""), value) is not None


def _of_text(element: Element, kind: str) -> Iterator[str]:
    text = "".join(element.itertext()).strip()
    own = "".join(filter(None, [element.text, *(child.tail for child in element)])).strip()
    fits = {
        "none": not own,
        "required": bool(text),
        "url": URL.fullmatch(own) is not None,
        "phone": PHONE.fullmatch(own) is not None,
        "phone_or_none": not own or PHONE.fullmatch(own) is not None,
    }
    if not fits[kind]:
        yield f"<{element.tag}> cannot hold the text {own!r}" if own else f"<{element.tag}> is empty"


def _of_voice(say: Element, attributes: dict[str, str], rules: dict[str, Any]) -> Iterator[str]:
    voice, language = attributes.get("voice", ""), attributes.get("language")
    for pair in rules["voices"]:
        if re.search(pair["pattern"], voice) and language not in pair["languages"]:
            yield f"<Say> {voice} does not speak {language}"
    for prefix, most in rules["most_characters"].items():
        if voice.startswith(prefix) and len(ElementTree.tostring(say, "unicode")) > most:
            yield f"<Say> is longer than {most} characters"


def _of_question(attributes: dict[str, str], rules: dict[str, Any]) -> Iterator[str]:
    listens_to = attributes.get("input", "dtmf").split()
    for kind, names in rules["only_with"].items():
        if kind not in listens_to:
            yield from (f"<Gather {name}> needs input {kind}" for name in names if name in attributes)
    model = attributes.get("speechModel")
    if model and attributes.get("speechTimeout") == "auto":
        yield "<Gather> speechTimeout=auto with a speechModel is warning 13335"
    if model in rules["no_chinese"] and CHINESE.match(attributes.get("language", "")):
        yield f"<Gather> {model} understands no Chinese"
