"""Which carriers bring us calls, and how their REST API is asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from ivr.carrier.errors import Broken, NotGiven, NotReady, Refused
from ivr.outbound.addresses import Reach, is_local
from ivr.outbound.connect import NotAllowed, Unreachable
from ivr.outbound.http import Answer, Limits, Silent, ask
from ivr.settings import Settings

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TWILIO, SIMULATOR = "twilio", "simulator"
LIST = Limits(max_bytes=8 * 2**20)  # a page of a thousand rows of two kilobytes, and room


@dataclass(frozen=True, slots=True)
class Carrier:
    """One account at a carrier with Twilio's REST API.

    ``tokens`` verify its requests' signatures (several while rotating); ``user`` and ``secret`` open its REST API
    below ``api_base_url``. ``name`` stands in the rows of its calls. ``media_hosts`` may keep its recordings.
    """

    name: str
    account_sid: str
    api_base_url: str
    user: str
    secret: str = field(repr=False)
    tokens: tuple[str, ...] = field(repr=False)
    media_hosts: tuple[str, ...] = ()

    @property
    def login(self) -> tuple[str, str]:
        return self.user, self.secret

    @property
    def reach(self) -> Reach:
        """The operator named it, so it may lie in a private network, too; one on this machine stays there."""
        return Reach.HERE if is_local(self.api_base_url) else Reach.CONFIGURED

    def url(self, resource: str) -> str:
        """The address of something of the account's, such as ``Calls.json``."""
        return f"{self.api_base_url}/2010-04-01/Accounts/{quote(self.account_sid, safe='')}/{resource}"

    def get(self, resource: str, query: Mapping[str, Any]) -> Answer:
        """Ask for a list. Raises as ``ivr.outbound.http.ask`` does."""
        url = f"{self.url(resource)}?{urlencode(query)}"
        return ask("GET", url, reach=self.reach, user=self.login, limits=LIST)

    def post(self, resource: str, form: Mapping[str, str]) -> Answer:
        """Have something made. Raises as ``ivr.outbound.http.ask`` does."""
        body = urlencode(form).encode()
        return ask("POST", self.url(resource), reach=self.reach, body=body, headers=FORM, user=self.login)

    def delete(self, resource: str) -> None:
        """Have something taken away; what is not there (any more) is. Raises ``NotGiven``."""
        try:
            answer = ask("DELETE", self.url(resource), reach=self.reach, user=self.login)
        except (NotAllowed, Unreachable, Silent) as error:
            raise unreached(error) from None
        if answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND):
            good(answer)

    def read(self, resource: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """One page of a list. Raises ``NotGiven``."""
        try:
            said = good(self.get(resource, query)).json
        except (NotAllowed, Unreachable, Silent) as error:
            raise unreached(error) from None
        if not said:
            raise Broken("the carrier answered with something that is no list")
        return said


def good(answer: Answer) -> Answer:
    """The answer, when it is one of success. Raises ``NotGiven``."""
    match answer.status:
        case HTTPStatus.OK:
            return answer
        case HTTPStatus.NOT_FOUND:
            raise NotReady("the carrier answered 404: it has no such thing, or not yet")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            raise Refused("the carrier refuses our credentials: check TWILIO_API_KEY or TWILIO_AUTH_TOKEN")
    raise Broken(f"the carrier answered {answer.status}")


def unreached(error: NotAllowed | Unreachable | Silent) -> NotGiven:
    """What it means that there was no answer."""
    return Broken(f"the carrier's answer failed: {type(error).__name__} {error}".rstrip())


def named(name: str, carriers: Mapping[str, Carrier]) -> Carrier | None:
    """The one of this name among *carriers*, if we have an account there."""
    return next((carrier for carrier in carriers.values() if carrier.name == name), None)


def carriers(settings: Settings) -> dict[str, Carrier]:
    """Every carrier whose calls we take, by its account SID; with the simulator on, the simulated one too."""
    known = []
    if settings.twilio_account_sid:
        tokens = settings.auth_tokens
        known.append(
            Carrier(
                name=TWILIO,
                account_sid=settings.twilio_account_sid,
                api_base_url=settings.twilio_api_base_url.rstrip("/"),
                user=settings.twilio_api_key or settings.twilio_account_sid,
                secret=settings.twilio_api_secret.get_secret_value() or tokens[0],
                tokens=tokens,
                media_hosts=settings.media_hosts,
            )
        )
    if settings.hotline_simulator:
        token = settings.own_secret("simulator.token")
        account_sid = "AC" + hashlib.sha256(token.encode()).hexdigest()[:32]
        api = f"{settings.base_url}/phone/carrier"
        known.append(Carrier(SIMULATOR, account_sid, api, user=account_sid, secret=token, tokens=(token,)))
    return {carrier.account_sid: carrier for carrier in known}
