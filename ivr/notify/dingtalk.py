"""A group robot of DingTalk (钉钉), signed. It takes 20 messages a minute and then none for ten.

https://open.dingtalk.com/document/robots/custom-robot-access
"""

import base64
import hmac
import json
import time
from urllib.parse import quote_plus

from ivr.notify.environment import Environment
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.post import JSON, post
from ivr.notify.robot import accepted

FIELDS = (Field("url", "url", secret=True), Field("sign_key", secret=True, required=False))
# Busy; and too often, by several limits: of the robot's minute, of the organisation, of the day.
# https://open.dingtalk.com/document/orgapp/error-code
LATER = {-1: 0, 130101: 600, 410100: 600, 450101: 600, 90018: 600, 90030: 600}


def send(values: Values, message: Message, environment: Environment) -> str:
    """Post it as plain text that mentions nobody; signed, when the robot has a key to sign with."""
    url = values["url"]
    if key := values.get("sign_key"):
        timestamp = str(round(time.time() * 1000))
        url += f"{'&' if '?' in url else '?'}timestamp={timestamp}&sign={quote_plus(signature(key, timestamp))}"
    body = {"msgtype": "text", "text": {"content": message.text}, "at": {"isAtAll": False}}
    answer = post(url, json.dumps(body).encode(), JSON, local=environment.local)
    return accepted(answer, answer.json.get("errcode"), answer.json.get("errmsg"), LATER)


def signature(key: str, timestamp: str) -> str:
    """Of the time in milliseconds; DingTalk takes it for an hour."""
    return base64.b64encode(hmac.digest(key.encode(), f"{timestamp}\n{key}".encode(), "sha256")).decode()
