"""What the line says: every sentence in every language, rewritten as a draft, tried, published, and put back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.saying import comes, line_now
from ivr.desk.running.versions import overtaken, version_seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.language import pack as page_pack
from ivr.line import Line
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import LineChange
from ivr.words import callmap
from prompts import PAUSE, Pack
from prompts.checks import Fault, faults, limit_s, seconds, tidy
from prompts.pack import blanks
from prompts.recordable import is_made, progress, texts

Page = Response | tuple[str, int]

MAX_CHARS = 1000
MAX_SEARCH_CHARS = 100
# What begins a key and is no question of the call: where it is said.
PLACES = {
    "greet": _l("The call begins"),
    "hello": _l("The call begins"),
    "bulletin": _l("The call begins"),
    "menu": _l("The menu"),
    "language": _l("The menu"),
    "yesno": _l("Yes or no was not understood"),
    "silence": _l("Nobody speaks"),
    "emergency": _l("Emergency"),
    "promise": _l("When somebody calls back"),
    "apology": _l("Something went wrong"),
    "refused": _l("Something went wrong"),
    "whisper": _l("To the person who is rung"),
    "calling": _l("When a resident is called back"),
    "transfer": _l("When a duty contact is brought in"),
}
AT_STEP = {  # where else it is no question's own name
    "menu": "need",
    "language": "need",
    "bulletin": "need",
    "yesno": "confirm",
    "standing": "returning",
    "silence": "message",
    "emergency": "message",
    "promise": "goodbye",
    "whisper": "person",
}
WRONG = {
    "empty": _l("Required."),
    "markup": _l("“%(what)s” would be read aloud: only {pause} makes a pause, there are no other tags."),
    "text": _l("There are invisible characters in it. Type it anew."),
    "braces": _l("Braces stand around the name of a blank and nothing else, like {pause}."),
    "missing": _l("%(what)s is missing: the call fills it in."),
    "unknown": _l("Nothing fills in %(what)s here."),
    "key": _l("Key %(what)s does nothing here."),
    "must": _l("It must say that a recording begins: one of %(what)s."),
    "script": _l("This language's voice cannot say “%(what)s”."),
    "long": _l("Too long, in seconds: %(what)s. Old ears cannot hold it."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it is now: ``change`` says who made it so; None: it is as it comes.

    ``recorded``: how many of its texts are, of how many; ``missing``: a dialect has it neither recorded nor written.
    """

    name: str
    key: str
    text: str
    change: LineChange | None
    draft: str | None
    recorded: tuple[int, int]
    missing: bool
    seconds: float
    limit_s: float


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a sentence, and which recordings of it there are."""

    text: str
    recorded: bool
    slow: bool
    draft: bool


@bp.get("/prompts")
@allow("run_line")
def show_prompts() -> str:
    """The sentences of one language, in the order of the call."""
    wanted, only = request.args.get("q", "").strip()[:MAX_SEARCH_CHARS], request.args.get("only", "")
    with app.sessions.read() as db:
        made = line_now(db)
        pack = made.packs.get(request.args.get("language", "")) or made.packs[app.settings.hotline_language]
        sentences = list(_sentences(db, made, pack))
    shown = [each for each in sentences if _is_wanted(each, wanted, only)]
    return render_template(
        "desk/running/prompts.html",
        packs=made.packs,
        pack=pack,
        missing=sum(each.missing for each in sentences),
        all=len(sentences),
        places=[(place, list(those)) for place, those in groupby(shown, key=lambda each: _place(each.key))],
        q=wanted,
        only=only,
    )


@bp.get("/prompts/sentence")
@allow("run_line")
def edit_prompt() -> Page:
    name = request.args.get("sentence", "")
    if not _known(name):
        return redirect(url_for("desk.show_prompts"))
    with app.sessions.read() as db:
        draft, sentence = _now(db, name)
    return _form(name, draft or sentence)


@bp.post("/prompts/sentence")
@allow("run_line")
def save_prompt() -> Page:
    """Keep it as a draft, publish it, or go back to what comes with the hotline."""
    name, text = request.form.get("sentence", ""), tidy(request.form.get("said", ""))[: MAX_CHARS + 1]
    if not _known(name):
        abort(404)
    pack, key = _pack_and_key(name)
    does = request.form.get("does", "draft")
    if does not in DONE:
        abort(400)
    if does in ("draft", "publish") and (wrong := faults(pack, key, text)):
        return _form(name, text, wrong)
    try:
        with app.sessions.begin() as db:
            _decide(db, name, does, text)
    except Overtaken as quicker:
        return _form(name, text, conflict=overtaken(quicker))
    flash(DONE[does])
    return redirect(url_for("desk.edit_prompt", sentence=name))


DONE = {
    "draft": _l("Kept as a draft: the browser phone says it, callers do not hear it yet."),
    "publish": _l("Published. Callers hear it from the next call on."),
    "discard": _l("The draft is gone."),
    "ships": _l("It is as it comes again."),
}


def _decide(db: Session, name: str, does: str, text: str) -> None:
    """A published sentence ends its draft; what is as it comes is nobody's own."""
    sentence, draft = About(line.Sentence, name), About(line.Draft, name)
    pack, key = _pack_and_key(name)
    if does in ("publish", "ships"):
        own = does == "publish" and text != comes(line_now(db), pack.language, key)
        changes.make(db, me(), sentence, line.Sentence(text) if own else None, now(), seen=version_seen("version"))
    after = line.Draft(text) if does == "draft" else None
    changes.make(db, me(), draft, after, now(), seen=version_seen("draft_version"))


def _form(name: str, text: str, wrong: Sequence[Fault] = (), conflict: str = "") -> Page:
    pack, key = _pack_and_key(name)
    about, draft = About(line.Sentence, name), About(line.Draft, name)
    with app.sessions.read() as db:
        made = line_now(db)
        has_draft = _now(db, name)[0] is not None
        html = render_template(
            "desk/running/prompt.html",
            sentence=name,
            pack=pack,
            base=app.packs.get(pack.base or ""),
            key=key,
            place=_place(key),
            step=step_of(key),
            call=callmap.picture(step_of(key), page_pack().steps),
            box_width=callmap.WIDTH,
            box_height=callmap.HEIGHT,
            ships=comes(made, pack.language, key),
            now_said=_now(db, name)[1],
            has_draft=has_draft,
            parts=_parts(made, pack.language, key),
            blanks=blanks(pack.say[key]) - {PAUSE, "hotline"},
            values={"said": text},
            trouble={"said": " ".join(str(WRONG[each.kind]) % {"what": each.what} for each in wrong)} if wrong else {},
            takes_s=seconds(text) if not any(each.kind == "braces" for each in wrong) else 0,
            limit_s=limit_s(pack, key),
            conflict=conflict,
            version=changes.version(db, about),
            draft_version=changes.version(db, draft),
            versions=changes.history(db, about),
            phone=app.settings.hotline_simulator,
        )
    return html, 422 if wrong else 409 if conflict else 200


def _sentences(db: Session, made: Line, pack: Pack) -> Iterator[Sentence]:
    published, drafts = (changes.latest_of(db, kind) for kind in (line.Sentence, line.Draft))
    for key, text in pack.say.items():
        name = f"{pack.language}/{key}"
        yield Sentence(
            name,
            key,
            text,
            published.get(name),
            _text(drafts.get(name)),
            progress(pack, key),
            missing=pack.base is not None and not is_made(pack, key),
            seconds=seconds(text),
            limit_s=limit_s(made.spoken[pack.language], key),
        )


def _is_wanted(sentence: Sentence, wanted: str, only: str) -> bool:
    lacks = {"own": not sentence.change, "drafts": sentence.draft is None, "missing": not sentence.missing}
    if lacks.get(only):
        return False
    return any(wanted.casefold() in each.casefold() for each in (sentence.text, sentence.key, sentence.draft or ""))


def _text(change: LineChange | None) -> str | None:
    decided = change.is_now if change else None
    return decided.text if isinstance(decided, line.Sentence | line.Draft) else None


def _now(db: Session, name: str) -> tuple[str | None, str]:
    """The draft, and what is said."""
    pack, key = _pack_and_key(name)
    draft, sentence = (_text(changes.latest(db, About(kind, name))) for kind in (line.Draft, line.Sentence))
    return draft, sentence or comes(line_now(db), pack.language, key)


def _parts(made: Line, language: str, key: str) -> list[Part]:
    """The sentence's own texts, with those of its draft."""
    pack, tried = made.packs[language], made.drafts[language]
    both = dict.fromkeys((*texts(tried.say[key], pack.hotline), *texts(pack.say[key], pack.hotline)))
    return [
        Part(text, pack.clip(text) is not None, pack.slowly.clip(text) is not None, tried.clip(text) != pack.clip(text))
        for text in both
    ]


def step_of(key: str) -> str:
    """The question of the call at which it is said; "" for what may be said at any."""
    first = key.partition(".")[0]
    return first if first in callmap.PLACES else AT_STEP.get(first, "")


def _place(key: str) -> str:
    """Where in the call it is said: at which question, as the call log names it."""
    first = key.partition(".")[0]
    labels: Mapping[str, str] = page_pack().steps
    return labels.get(first) or str(PLACES.get(first, first))


def _known(name: str) -> bool:
    language, key = line.sentence(name)
    with app.sessions.read() as db:
        packs = line_now(db).spoken
    return language in packs and key in packs[language].say


def _pack_and_key(name: str) -> tuple[Pack, str]:
    language, key = line.sentence(name)
    return app.packs[language], key
