"""A group robot of Feishu (飞书) or Lark, signed. It takes 100 messages a minute, 5 a second.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import base64
import hmac
import json
import time
from typing import Any

from ivr.notify.environment import Environment
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.post import JSON, post
from ivr.notify.robot import accepted

FIELDS = (Field("url", "url", secret=True), Field("sign_key", secret=True, required=False))
# Too often, by the limits of the gateway (with HTTP 400 as well as 200), the robot, the chat and the tenant.
# https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control
LATER = dict.fromkeys((9499, 11232, 11233, 11247, 230020, 99991400), 60)


def send(values: Values, message: Message, environment: Environment) -> str:
    """Post it as plain text; signed, when the robot has a key to sign with."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": message.text}}
    if key := values.get("sign_key"):
        timestamp = str(int(time.time()))
        body |= {"timestamp": timestamp, "sign": signature(key, timestamp)}
    answer = post(values["url"], json.dumps(body).encode(), JSON, local=environment.local)
    said = answer.json
    code = said.get("code", said.get("StatusCode"))  # the older form says StatusCode when all is well
    return accepted(answer, code, said.get("msg", said.get("StatusMessage")), LATER)


def signature(key: str, timestamp: str) -> str:
    """Of the time in seconds: Feishu takes time and key as the key, and signs nothing with it."""
    return base64.b64encode(hmac.digest(f"{timestamp}\n{key}".encode(), b"", "sha256")).decode()
