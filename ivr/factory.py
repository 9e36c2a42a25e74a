"""Putting the application together: settings in, WSGI application out."""

from functools import partial

from flask_openapi3.models.info import Info

from ivr import api, cli, desk, health, hosts, log, simulator
from ivr.app import App
from ivr.carrier.account import TWILIO, carriers, named
from ivr.errors import ConfigError
from ivr.line import LiveLine
from ivr.metrics import page
from ivr.notify import Notifier
from ivr.settings import Settings
from ivr.store.access.refusals import Refusals
from ivr.store.directory.matcher import LiveMatcher
from ivr.store.files.audio import AudioStore
from ivr.store.files.clips import ClipFolder
from ivr.store.files.spool import Spool
from ivr.store.golive import Readiness
from ivr.store.outbox import Later
from ivr.store.people.tokens import Pace
from ivr.store.seal import Seal
from ivr.store.sealing import keyring
from ivr.store.session import Sessions, make_engine
from ivr.voice import clips, fallback, playback
from ivr.voice.salvage import salvage
from prompts import PackError, Packs, shipped, with_name
from routing import needs

MAX_BODY_BYTES = 64 * 1024  # of a webhook or a form; what takes a file says so itself
MAX_FIELDS = 1000


def create_app(settings: Settings | None = None) -> App:
    """The hotline, ready to serve; raises ``ConfigError`` when the environment is wrong."""
    settings = settings or Settings.load()
    log.configure(settings.hotline_log_level)
    app = App(
        "ivr",
        info=Info(title="Neighbourhood hotline", version="1"),
        doc_prefix="/api/v1",
        doc_url="/openapi.json",
        static_folder=None,
    )
    app.config.update(
        SECRET_KEY=settings.cookie_key,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FIELDS,
    )
    app.url_map.merge_slashes = False  # a redirect would repeat the client's Host, and lose what was keyed
    app.settings = settings
    try:
        packs = with_name(shipped(), settings.hotline_name)
    except PackError as error:
        raise ConfigError(f"prompts/: {error}") from None
    if settings.hotline_language not in packs:
        raise ConfigError(f"HOTLINE_LANGUAGE: there is no such pack; there are: {', '.join(packs)}.")
    tell_keys_apart(packs)
    app.keys = keyring(settings.sealing_keys)
    engine = make_engine(settings.database, app.keys)
    app.sessions = Sessions(engine)
    app.later = Later(engine)
    app.audio = AudioStore(settings.audio_url, app.keys)
    app.spool = Spool(settings.data_dir / "spool", app.keys)
    app.salvage = partial(salvage, app)
    app.matcher = LiveMatcher(app.sessions, settings.data_dir / "matcher")
    app.line = LiveLine(app.sessions, packs, ClipFolder(settings.data_dir / "clips"))
    app.carriers = carriers(settings)
    app.seal = Seal(settings.channels_key)
    app.notifier = Notifier(settings, app.home(), named(TWILIO, app.carriers), lambda: app.line.now().spoken, app.seal)
    app.golive = Readiness(app.sessions, settings)
    app.pace = Pace()
    app.refusals = Refusals()
    hosts.register(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(page.bp)
    app.register_blueprint(fallback.bp)
    app.register_blueprint(playback.bp)
    app.register_blueprint(clips.bp)
    api.register(app)
    csrf = desk.register(app, settings)
    for trusted in (
        fallback.bp,
        api.bp,
        simulator.mount(app),
    ):  # signed, or with a password: no cookie counts
        if trusted:
            csrf.exempt(trusted)
    cli.register(app)
    return app


def tell_keys_apart(packs: Packs) -> None:
    """Every key of the first menu means one thing: a person, a need or a language. Raises ``ConfigError``."""
    meanings = {
        needs.PERSON_DIGIT: "a person",
        needs.NEWS_DIGIT: "the bulletins (routing/needs.py)",
        needs.STAFF_DIGIT: "staff and their PIN (routing/needs.py)",
    }
    chosen = [(need.digit, f"the need {need.key} (routing/needs.py)") for need in needs.NEEDS]
    chosen += [(pack.key, f"the language {code} (prompts/{code}.toml)") for code, pack in packs.items()]
    for key, meaning in chosen:
        if key in meanings:
            raise ConfigError(f"key {key} cannot mean both {meanings[key]} and {meaning}: give one another key.")
        meanings[key] = meaning
