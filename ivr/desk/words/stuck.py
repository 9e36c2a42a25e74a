"""What can get stuck, and the jobs of the queue, in words."""

from flask_babel import lazy_gettext as _l

SWEPT_NAMES = {
    "calls": _l("calls that never ended"),
    "browsers": _l("browser phones closed in mid-call"),
    "recordings": _l("messages that nobody fetched"),
    "notices": _l("notices that nobody sent"),
    "jobs": _l("jobs of a worker that had died"),
}
JOB_NAMES = {
    "fetch_recording": _l("fetching a message"),
    "send_notice": _l("sending a notice"),
    "reconcile": _l("comparing the carrier's lists with ours"),
    "erase_at_carrier": _l("erasing at the carrier"),
}
