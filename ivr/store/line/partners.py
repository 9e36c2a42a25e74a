"""Partner lines: other centres that tickets are passed to and taken from."""

from collections.abc import Mapping
from dataclasses import replace

from ivr.store.facts import line
from ivr.store.line.changes import About, Decided


def about(key: str) -> About:
    """The setting of the partner of this key."""
    return About(line.Partner, key)


def known(decided: Decided) -> Mapping[str, line.Partner]:
    """Every partner there ever was, by key. One that was taken back is retired: tickets may name it."""
    gone = {key: replace(partner, retired=True) for key, partner in decided.once(line.Partner).items()}
    return gone | decided.of(line.Partner)


def offered(decided: Decided) -> Mapping[str, line.Partner]:
    """Those that are not retired."""
    return {key: partner for key, partner in decided.of(line.Partner).items() if not partner.retired}
