"""Another system, told by a signed request. What it gets, and how it checks that it is from us: docs/notices.md."""

import hmac
import json
import time

from ivr.notify.environment import Environment
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.post import JSON, good, post

FIELDS = (Field("url", "url"), Field("sign_key", secret=True))


def send(values: Values, message: Message, environment: Environment) -> str:
    """Post it. A repetition bears the same ``id``, so that the other side can take it once."""
    timestamp = str(int(time.time()))
    body = json.dumps({"id": message.key, "text": message.text} | message.data, ensure_ascii=False).encode()
    headers = JSON | {
        "User-Agent": "neighbourhood-hotline",
        "X-Hotline-Id": message.key,
        "X-Hotline-Timestamp": timestamp,
        "X-Hotline-Signature": f"v1={signature(values['sign_key'], timestamp, body)}",
    }
    return f"HTTP {good(post(values['url'], body, headers, local=environment.local)).status}"


def signature(key: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of the time in seconds, a full stop, and the body; hexadecimal."""
    return hmac.digest(key.encode(), timestamp.encode() + b"." + body, "sha256").hex()
