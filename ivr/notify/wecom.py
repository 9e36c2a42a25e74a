"""A group robot of WeCom (企业微信). Its address holds its key; it takes 20 messages a minute.

https://developer.work.weixin.qq.com/document/path/91770
"""

import json

from ivr.notify.errors import Busy, Rejected
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.outside import Outside
from ivr.notify.post import JSON, good, post

FIELDS = (Field("url", "url", secret=True),)
TOO_OFTEN = 45009
WAIT_S = 60.0


def send(values: Values, message: Message, outside: Outside) -> str:
    """Post it as plain text: markdown would let a name from a list mark or mention something."""
    body = {"msgtype": "text", "text": {"content": message.text}}
    answer = good(post(values["url"], json.dumps(body).encode(), JSON, local=outside.local))
    code, said = answer.json.get("errcode"), f"{answer.json.get('errcode')} {answer.json.get('errmsg')}"
    if code == TOO_OFTEN:
        raise Busy(said, wait_s=WAIT_S)
    if code != 0:
        raise Rejected(said)
    return said
