"""A group robot of WeCom (企业微信). Its address holds its key; it takes 20 messages a minute.

https://developer.work.weixin.qq.com/document/path/91770
"""

import json

from ivr.notify.environment import Environment
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.post import JSON, post
from ivr.notify.robot import accepted

FIELDS = (Field("url", "url", secret=True),)
# https://developer.work.weixin.qq.com/document/path/90313
LATER = {-1: 0, 45009: 60, 45033: 0}  # busy; too often in this minute; too many at once


def send(values: Values, message: Message, environment: Environment) -> str:
    """Post it as plain text: markdown would let a name from a list mark or mention something."""
    body = {"msgtype": "text", "text": {"content": message.text}}
    answer = post(values["url"], json.dumps(body).encode(), JSON, local=environment.local)
    return accepted(answer, answer.json.get("errcode"), answer.json.get("errmsg"), LATER)
