"""What callers are offered: the needs that the hotline comes with, as its people changed, added and retired them."""

from collections.abc import Mapping
from dataclasses import replace

from ivr.store.facts import line
from ivr.store.line.changes import About, Decided
from routing.needs import SHIPPED, Need, Needs

ORDER = About(line.NeedOrder)


def about(key: str) -> About:
    """The setting of the need of this key."""
    return About(line.Need, key)


def changed(decided: Decided) -> Mapping[str, line.Need]:
    """Every need that was changed or made here, by key. One that was taken back is retired: tickets may name it."""
    gone = {key: replace(need, retired=True) for key, need in decided.once(line.Need).items()}
    return {key: need for key, need in gone.items() if key not in SHIPPED.by_key} | decided.of(line.Need)


def offered(decided: Decided) -> Needs:
    """Those that are not retired, in the order of the menu: as somebody has put them, else that of their keys."""
    known = changed(decided)
    rows = SHIPPED.by_key | {key: Need(key, need.digit, need.promise_min, need.urgent) for key, need in known.items()}
    kept = [need for key, need in rows.items() if key not in known or not known[key].retired]
    order = decided.of(line.NeedOrder).get("")
    places = {key: place for place, key in enumerate(order.keys)} if order else {}
    return Needs(tuple(sorted(kept, key=lambda need: (places.get(need.key, len(places)), need.digit))))
