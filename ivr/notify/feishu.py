"""A group robot of Feishu (飞书) or Lark, signed. It takes 100 messages a minute, 5 a second.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import base64
import hmac
import json
import time
from typing import Any

from ivr.notify.errors import Busy, Rejected
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.outside import Outside
from ivr.notify.post import JSON, good, post

FIELDS = (Field("url", "url", secret=True), Field("sign_key", secret=True, required=False))
TOO_OFTEN = (11232, 99991400)
WAIT_S = 60.0


def send(values: Values, message: Message, outside: Outside) -> str:
    """Post it as plain text; signed, when the robot has a key to sign with."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": message.text}}
    if key := values.get("sign_key"):
        timestamp = str(int(time.time()))
        body |= {"timestamp": timestamp, "sign": signature(key, timestamp)}
    answer = good(post(values["url"], json.dumps(body).encode(), JSON, local=outside.local)).json
    code = answer.get("code", answer.get("StatusCode"))  # the older form says StatusCode when all is well
    said = f"{code} {answer.get('msg', answer.get('StatusMessage'))}"
    if code in TOO_OFTEN:
        raise Busy(said, wait_s=WAIT_S)
    if code != 0:
        raise Rejected(said)
    return said


def signature(key: str, timestamp: str) -> str:
    """Of the time in seconds: Feishu takes time and key as the key, and signs nothing with it."""
    return base64.b64encode(hmac.digest(f"{timestamp}\n{key}".encode(), b"", "sha256")).decode()
