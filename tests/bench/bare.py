"""The baseline: Flask, and one document that never changes."""

from flask import Flask, Response

DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello.</Say></Response>'

app = Flask(__name__)


@app.post("/voice/incoming")
def incoming() -> Response:
    return Response(DOCUMENT, content_type="text/xml")
