"""The baseline: Flask, and one document that never changes."""

from flask import Flask, Response

from tests.bench.webhooks import DOCUMENT

app = Flask(__name__)


@app.post("/voice/incoming")
def incoming() -> Response:
    return Response(DOCUMENT, content_type="text/xml")
