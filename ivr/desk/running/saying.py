"""The line as it is now, for the pages on which its sentences and recordings are made."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.line import Line
from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.models import CommunityRow
from prompts import Pack
from prompts.parts import part
from prompts.recordable import fillings, texts


def line_now(db: Session) -> Line:
    """With everything that was changed until now, by whichever process."""
    return app.line.at(hotline.settings(db).line_version)


def comes(made: Line, language: str, key: str) -> str:
    """What a language says where nobody has written anything for it: a dialect, what its base says now."""
    base = made.spoken[language].base
    return made.packs[base].say[key] if base else made.spoken[language].say[key]


def is_recordable(db: Session, made: Line, pack: Pack, text: str) -> bool:
    """Whether the line may ever say just this text in the pack's language."""
    said = (*pack.say.values(), *made.drafts[pack.language].say.values())
    return (
        any(text in texts(sentence, pack.hotline) for sentence in said)
        or any(text in group for group in fillings(pack).values())
        or any(text == part(each.text) for each in made.decided.of(line.Bulletin).values())
        or is_place(db, text)
    )


def is_place(db: Session, text: str) -> bool:
    """Whether a community or a street has this name."""
    named = select(CommunityRow.code).where((CommunityRow.name == text) | (CommunityRow.street == text))
    return bool(text) and db.scalar(named.limit(1)) is not None
