"""How staff are told when no page is open: the channels, each with its test, and what could not be sent."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.guard import ID, allow, bp, id_in, me, now
from ivr.desk.shell.numbers import why_not
from ivr.store.access import rules as access
from ivr.store.models import Channel
from ivr.store.notices import channels, rules, troubles

Page = Response | tuple[str, int]

MAX_NAME_CHARS = 64

KINDS = {
    "email": _l("E-mail"),
    "sms": _l("Text message"),
    "wecom": _l("WeCom group robot"),
    "dingtalk": _l("DingTalk group robot"),
    "feishu": _l("Feishu group robot"),
    "webhook": _l("Another system (webhook)"),
}
FIELDS = {
    "url": _l("Robot address (webhook)"),
    "webhook.url": _l("Address of the other system"),
    "sign_key": _l("Signing key"),
    "host": _l("Mail server"),
    "security": _l("Encryption"),
    "port": _l("Port"),
    "user": _l("Mail server user"),
    "password": _l("Mail server password"),
    "email.sender": _l("Sender address"),
    "email.to": _l("Recipients"),
    "sms.sender": _l("Sender (a number or messaging service of the carrier)"),
    "sms.to": _l("Recipient's phone number"),
}
HINTS = {
    "url": _l("Treat it as a password: anyone who has it can post to the group."),
    "dingtalk.sign_key": _l(
        "Begins with SEC. To go without it, set the keyword 热线 or Hotline in the robot's security settings."
    ),
    "feishu.sign_key": _l("From the robot's signature check. Optional."),
    "webhook.url": _l("Begins with https:// and is reachable on the public internet."),
    "webhook.sign_key": _l("Any long random text. The other system uses it to verify our signature."),
    "port": _l("Optional: 587 for STARTTLS, 465 for TLS, 25 without encryption."),
    "email.to": _l("Separate several with commas."),
}
CHOICES = {"starttls": _l("STARTTLS"), "ssl": _l("TLS"), "plain": _l("none")}
WRONG = {
    "required": _l("Required."),
    "long": _l("Too long."),
    "text": _l("Use letters, digits and punctuation on one line."),
    "url": _l("Must begin with https:// and be reachable on the public internet."),
    "host": _l("Not a server name."),
    "private": _l("Must be on the public internet, or be listed in HOTLINE_MAIL_HOSTS."),
    "port": _l("A port is a number from 1 to 65535."),
    "mail": _l("Enter addresses such as duty@example.org, at most 20."),
    "choice": _l("Choose from the list."),
}
TROUBLES = {
    "unreachable": _l("cannot connect"),
    "silent": _l("timed out"),
    "down": _l("the service is down"),
    "busy": _l("the service is busy"),
    "rejected": _l("refused by the service; check the key and address"),
    "address": _l("address not allowed"),
    "broken": _l("Something went wrong."),
    "unknowable": _l("may have been sent; the carrier has no record"),
}
EVENTS = {
    "new": _l("new ticket"),
    "urgent": _l("urgent ticket"),
    "again": _l("released"),
    "not_right": _l("resident says it was not right"),
    "unclaimed": _l("unclaimed"),
    "due_soon": _l("callback due soon"),
    "overdue": _l("callback overdue"),
    "raised": _l("needs a supervisor"),
}
STATES = {
    "waiting": _l("queued"),
    "sending": _l("sending"),
    "sent": _l("sent"),
    "failed": _l("failed"),
    "dropped": _l("no longer needed"),
}


@bp.app_context_processor
def notice_words() -> dict[str, object]:
    """The ticket's page tells of its notices, too."""
    return {"NOTICE_EVENTS": EVENTS, "NOTICE_STATES": STATES, "NOTICE_TROUBLES": TROUBLES}


@bp.get("/notices")
@allow("set_channels", "set_rules")
def show_notices() -> Page:
    return page()


@bp.get("/notices/channels/new")
@allow("set_channels")
def new_channel() -> Page:
    """An empty form for a channel of the kind that was asked for; or one filled in like an existing channel."""
    like = _like(id_in(request.args.get("like")))
    kind = like.kind if like else request.args.get("kind", "")
    if kind not in app.notifier.kinds:
        return redirect(url_for("desk.show_notices"))
    values = channels.opened(like, app.seal) if like else {}
    return _form(kind, values | {"language": like.language if like else app.settings.hotline_language}, like=like)


@bp.get(f"/notices/channels/<{ID}:channel_id>")
@allow("set_channels")
def edit_channel(channel_id: int) -> Page:
    with app.sessions.read() as db:
        kept = channels.channel(db, me(), channel_id)
    values = channels.opened(kept, app.seal)
    return _form(kept.kind, values | {"name": kept.name, "language": kept.language}, kept)


@bp.post("/notices/channels")
@allow("set_channels")
def add_channel() -> Page:
    like = _like(id_in(request.form.get("like")))
    return _save(like.kind if like else request.form.get("kind", ""), like=like)


@bp.post(f"/notices/channels/<{ID}:channel_id>")
@allow("set_channels")
def change_channel(channel_id: int) -> Page:
    with app.sessions.read() as db:
        kept = channels.channel(db, me(), channel_id)
    return _save(kept.kind, kept)


@bp.post(f"/notices/channels/<{ID}:channel_id>/test")
@allow("set_channels")
def try_channel(channel_id: int) -> Page:
    """Send a test message, and say what the service answered. The page waits for it, as its reader does."""
    with app.sessions.read() as db:
        kept = channels.channel(db, me(), channel_id)
    tried = app.notifier.try_out(kept, now())
    with app.sessions.begin() as db:
        channels.tried(db, me(), channel_id, tried.trouble, tried.answer, now())
    if tried.trouble is None:
        flash(_("“%(name)s” accepted the test message. Check that it arrived.", name=kept.name))
    return redirect(url_for("desk.show_notices", _anchor=f"channel-{channel_id}"))


@bp.post(f"/notices/channels/<{ID}:channel_id>/remove")
@allow("set_channels")
def remove_channel(channel_id: int) -> Page:
    try:
        with app.sessions.begin() as db:
            channels.remove(db, me(), channel_id, now())
    except channels.StillUsed:
        return page(409, notice=_("Rules still use this channel. Change or remove them first."))
    flash(_("Removed."))
    return redirect(url_for("desk.show_notices"))


def page(status: int = 200, *, notice: str = "") -> Page:
    """Channels, rules and troubles as they are now; with what stood in the way of the reader's last press."""
    with app.sessions.read() as db:
        html = render_template(
            "desk/running/notices.html",
            troubles=troubles.in_trouble(db, now()),
            channels=channels.listed(db),
            rules=rules.listed(db),
            kinds={kind: KINDS.get(kind, kind) for kind in app.notifier.kinds},
            packs=app.languages,
            sets_rules=access.may(me(), "set_rules"),
            notice=notice,
        )
    return html, status


def _like(channel_id: int | None) -> Channel | None:
    """The channel that another one shall be like: the same mail server with other addresses, say."""
    if channel_id is None:
        return None
    with app.sessions.read() as db:
        return channels.channel(db, me(), channel_id)


def _save(kind: str, kept: Channel | None = None, *, like: Channel | None = None) -> Page:
    """Keep the form's values; or give the form back with the reasons. What is secret is typed again."""
    if kind not in app.notifier.kinds:
        abort(400)
    form = request.form
    known = kept or like
    values, wrong = app.notifier.checked(kind, form, channels.opened(known, app.seal) if known else {})
    name, language = form.get("name", "").strip(), form.get("language", "")
    if not name or not name.isprintable() or len(name) > MAX_NAME_CHARS:
        wrong["name"] = "required" if not name else "text" if not name.isprintable() else "long"
    if language not in app.languages:
        wrong["language"] = "choice"
    if wrong:
        return _form(kind, form.to_dict(), kept, wrong, like=like)
    with app.sessions.begin() as db:
        first = not rules.listed(db)
        saved = channels.save(
            db,
            me(),
            now(),
            app.seal,
            kind=kind,
            name=name,
            language=language,
            values=values,
            channel_id=kept.id if kept else None,
        )
        told_of_all = first and bool(rules.listed(db))
    flash(_("Saved. Now press Test."))
    if told_of_all:
        flash(
            _("This is the first channel, so it receives everything for the whole hotline. You can change that below.")
        )
    return redirect(url_for("desk.show_notices", _anchor=f"channel-{saved.id}"))


def _form(
    kind: str,
    values: Mapping[str, str],
    kept: Channel | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    like: Channel | None = None,
) -> Page:
    known = kept or like
    secrets = channels.opened(known, app.seal) if known else {}
    trouble = {
        name: why_not(str(values.get(name, ""))) if reason == "phone" else WRONG[reason]
        for name, reason in (wrong or {}).items()
    }
    for field in app.notifier.kinds[kind].fields:
        if wrong and field.secret and values.get(field.name):
            trouble.setdefault(field.name, _l("Please type it again: secrets are never shown."))
    html = render_template(
        "desk/running/channel.html",
        kind=kind,
        title=KINDS.get(kind, kind),
        fields=app.notifier.kinds[kind].fields,
        label=lambda name: FIELDS.get(f"{kind}.{name}") or FIELDS.get(name, name),
        hint=lambda name: HINTS.get(f"{kind}.{name}") or ("" if kind == "webhook" else HINTS.get(name, "")),
        choices=CHOICES,
        packs=app.languages,
        values=values,
        has_secret={name for name, value in secrets.items() if value},
        like=like,
        channel=kept,
        trouble=trouble,
    )
    return html, 422 if wrong else 200
