"""The fake phone's way into an application of this process: no sockets."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from ivr.phone.transport import Answer, Body, Transport, lower


def into(client: FlaskClient) -> Transport:
    """A Flask test client. An exception of the application comes through to the test."""

    def send(method: str, url: str, body: Body, headers: Mapping[str, str]) -> Answer:
        response = client.open(url, method=method, data=body, headers=dict(headers))
        return Answer(response.status_code, lower(response.headers.items()), response.get_data())

    return send
