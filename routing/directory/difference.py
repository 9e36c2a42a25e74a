"""What would change if one directory took the place of another? The preview of an import."""

from dataclasses import dataclass, fields

from routing.directory.listing import Community, Directory


@dataclass(frozen=True, slots=True)
class Change:
    """A community whose code stays and whose facts differ. ``fields`` are the names of the facts that do."""

    old: Community
    new: Community
    fields: tuple[str, ...]

    def __str__(self) -> str:
        facts = (f"{field} {getattr(self.old, field)!r} → {getattr(self.new, field)!r}" for field in self.fields)
        return f"{self.new.code} {self.new.name}: {', '.join(facts)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The communities of two directories, told apart by code; each tuple in code order."""

    added: tuple[Community, ...]
    changed: tuple[Change, ...]
    retired: tuple[Community, ...]
    unchanged: tuple[Community, ...]


def compare(old: Directory, new: Directory) -> Difference:
    """What *new* adds to, changes in and leaves out of *old*."""
    changed, unchanged = [], []
    for community in new:
        if (before := old.by_code.get(community.code)) is None:
            continue
        if differing := tuple(f.name for f in fields(Community) if _fact(before, f.name) != _fact(community, f.name)):
            changed.append(Change(before, community, differing))
        else:
            unchanged.append(community)
    return Difference(
        added=tuple(community for community in new if community.code not in old.by_code),
        changed=tuple(changed),
        retired=tuple(community for community in old if community.code not in new.by_code),
        unchanged=tuple(unchanged),
    )


def _fact(community: Community, field: str) -> object:
    """Aliases are a set: their order says nothing."""
    value = getattr(community, field)
    return frozenset(value) if field == "aliases" else value
