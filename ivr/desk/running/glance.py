"""Health at a glance: how each thing that the hotline stands on is just now, a line each."""

import shutil
import ssl
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.shell.guard import now
from ivr.desk.words import ago
from ivr.outbound.certificate import RENEWED_DAYS, days_left
from ivr.store import readiness
from ivr.store.calls import reconciling
from ivr.store.models import Call, Channel
from ivr.store.notices import troubles

HANDSHAKE_S = 2  # a page waits for it, once an hour
HOUR_S = 3600
GIGABYTE = 2**30


@dataclass(frozen=True, slots=True)
class Line:
    """``well``: nothing need be done about it."""

    title: str
    text: str
    well: bool = True


def lines(db: Session, lacking: Collection[str]) -> Iterator[Line]:
    """``lacking``: see ``ivr.store.condition``."""
    works = "worker" not in lacking
    yield Line(_("Worker"), _("running") if works else _("not running"), works)
    yield _backups()
    yield _channels(db, told="told" not in lacking)
    yield _certificate()
    yield from _carriers(db)
    yield _disk()
    yield _last_call(db)


def _backups() -> Line:
    folder, now_s = app.settings.data_dir, time.time()
    made_s = readiness.backup_made_s(folder)
    if made_s is None:
        return Line(_("Backups"), _("none was ever made"), well=False)
    made = _("the last one %(ago)s", ago=ago(datetime.fromtimestamp(made_s, UTC)))
    return Line(_("Backups"), made, not any(readiness.backup(folder, now_s)))


def _channels(db: Session, *, told: bool) -> Line:
    number = db.scalar(select(func.count()).where(Channel.removed_at.is_(None))) or 0
    if number and not told:
        return Line(_("Channels"), _("not used by any rule"), well=False)
    if troubles.any_in_trouble(db, now()):
        return Line(_("Channels"), _("some notices could not be sent"), well=False)
    return Line(_("Channels"), ngettext("%(num)s channel", "%(num)s channels", number), told)


def _certificate() -> Line:
    if not app.settings.is_public:
        return Line(_("Certificate"), _("none: this address is for this machine alone"), well=False)
    days = _certificate_days(app.settings.base_url, int(time.time() // HOUR_S))
    if isinstance(days, int):
        text = ngettext("good for %(num)s day", "good for %(num)s days", days)
        return Line(_("Certificate"), text, days >= RENEWED_DAYS)
    return Line(_("Certificate"), str(days), well=False)


@lru_cache(maxsize=1)
def _certificate_days(url: str, _hour: int) -> int | str:
    """For how many days it is good, or what is the matter with it; asked once an hour."""
    try:
        return days_left(url, within_s=HANDSHAKE_S)
    except ssl.SSLCertVerificationError:
        return _l("browsers and carriers do not believe it")
    except OSError:
        return _l("not known: the address cannot be reached from here")


def _carriers(db: Session) -> Iterator[Line]:
    checks = reconciling.checks(db)
    if not checks:
        text = _("lists not compared yet") if app.settings.twilio_account_sid else _("no account")
        yield Line(_("Carrier"), text, well=False)
    for each in checks:
        compared = _("lists compared %(ago)s", ago=ago(each.asked_at))
        yield Line(_("Carrier"), _("its lists cannot be read") if each.trouble else compared, not each.trouble)


def _disk() -> Line:
    folder = app.settings.data_dir
    if any(readiness.disk(folder)):
        return Line(_("Disk"), _("full, or not to be written to"), well=False)
    free = shutil.disk_usage(folder).free / GIGABYTE
    return Line(_("Disk"), _("%(number)s GB free", number=f"{free:.1f}"))


def _last_call(db: Session) -> Line:
    """Of a real caller."""
    at = db.scalar(select(func.max(Call.started_at)).where(Call.test.is_(False)))
    return Line(_("Last call"), ago(at) if at else _("none yet"))
