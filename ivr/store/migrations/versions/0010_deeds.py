"""The audit in kinds and details

Revision 0010, after 0009. A line's subject was an English phrase ("claim ticket 12") that pages read back; from now on
its details are values. Lines that were kept before are read here, once; the few that cannot be read keep their phrase.
The release before this one goes on working: it adds lines with a phrase, and shows new ones without.
"""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BATCH_LINES = 2_000
NUMBER = r"([1-9]\d{0,9})"
PRINTED_LOG = re.compile(r"call log (\S+) (\S+) part (\d+)", re.ASCII)
PRINTED_TICKET = re.compile(rf"ticket {NUMBER}", re.ASCII)
LISTENED = re.compile(rf"recording {NUMBER}(?: token {NUMBER})?", re.ASCII)
THING = re.compile(rf"(?:(\w+)(?: to)? )?(ticket|recording|alias|channel|rule) {NUMBER}", re.ASCII)
# What was refused with a thing or a page whose phrase did not say it.
WITHOUT_A_THING = {"type a ticket": "type_ticket", "channel": "set_channels", "rule": "set_rules"}
PAGES = {
    "see_inbox": "ask choose_filter renew_inbox show_inbox show_search print_directory show_help show_paper",
    "see_ticket": "print_slip print_slips show_ticket ticket_news",
    "see_number": "change_card erase_card show_card",
    "see_audit": "show_audit",
    "see_calls": "print_calls show_calls",
    "claim": "claim",
    "type_ticket": "take_down type_ticket",
    "note": "note save_draft",
    "contact": "attempt on_the_way",
    "resolve": "resolve",
    "close": "close",
    "reopen": "reopen",
    "listen": "listen",
    "correct": "correct_community correct_need suggest_communities",
    "hand": "give_back hand_on",
    "gather": "merge split",
    "teach": "accept_alias decline_alias show_aliases",
    "set_channels": "add_channel change_channel edit_channel new_channel remove_channel try_channel show_notices",
    "set_rules": "add_rule change_rule edit_rule new_rule remove_rule",
}
REFUSED = {f"desk.{page}": action for action, pages in PAGES.items() for page in pages.split()} | WITHOUT_A_THING
REFUSED |= dict.fromkeys(("phone.page", "phone.forward", "phone.record"), "use_phone")

AUDIT = sa.table(
    "audit",
    sa.column("id", sa.Integer),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("detail", sa.JSON),
)


def upgrade() -> None:
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("detail", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        audit.alter_column("subject", existing_type=sa.String(64), existing_nullable=False, server_default="")
    connection = op.get_bind()
    last = 0
    while True:
        following = sa.select(AUDIT).where(AUDIT.c.id > last).order_by(AUDIT.c.id).limit(BATCH_LINES)
        lines = connection.execute(following).all()
        if not lines:
            return
        last = lines[-1].id
        read = [(line.id, found) for line in lines if (found := facts(line.action, line.subject)) is not None]
        changed = sa.update(AUDIT).where(AUDIT.c.id == sa.bindparam("line"))
        changed = changed.values(action=sa.bindparam("kind"), detail=sa.bindparam("facts", type_=sa.JSON), subject="")
        if read:
            connection.execute(changed, [{"line": key, "kind": kind, "facts": fact} for key, (kind, fact) in read])


def facts(action: str, subject: str) -> tuple[str, dict[str, Any]] | None:
    """The kind and the details of a line as it was kept until now; None when nobody can tell."""
    if action == "denied":
        return _denied(subject)
    if action == "listened" and (found := LISTENED.fullmatch(subject)):
        token = {"token": int(found[2])} if found[2] else {}
        return action, {"recording": int(found[1])} | token
    if action == "printed" and (found := PRINTED_LOG.fullmatch(subject)):
        return "printed_log", {"first": found[1], "last": found[2], "part": int(found[3])}
    if action == "printed" and (found := PRINTED_TICKET.fullmatch(subject)):
        return "printed_ticket", {"ticket": int(found[1])}
    if action == "logged_in" and subject.startswith("staff "):  # who it was, the line itself says
        return action, {}
    found = THING.fullmatch(subject)
    if found and not found[1] and action.startswith(("alias_", "card_", "channel_", "rule_")):
        return action, {found[2]: int(found[3])}
    return None


def _denied(subject: str) -> tuple[str, dict[str, Any]] | None:
    if action := REFUSED.get(subject):
        return "denied", {"action": action}
    if found := THING.fullmatch(subject):
        refused = {"action": found[1]} if found[1] else {}
        return "denied", refused | {found[2]: int(found[3])}
    return None


def downgrade() -> None:
    """The phrases do not come back: what was read stays without one."""
    with op.batch_alter_table("audit") as audit:
        audit.drop_column("detail")
        audit.alter_column("subject", existing_type=sa.String(64), existing_nullable=False, server_default=None)
