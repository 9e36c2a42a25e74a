"""Which community was named: the answer to one utterance, and how sure it is."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from routing.directory import Community, Directory


class Decision(StrEnum):
    """What the call should do with a match."""

    ACCEPT = "accept"  # sure: say it back while moving on
    CONFIRM = "confirm"  # ask among at most three
    NARROW = "narrow"  # the name is shared or vague: ask for the street
    REJECT = "reject"  # nothing in the directory was named


@dataclass(frozen=True, slots=True)
class Candidate:
    """A community that may have been named. ``score`` 0-100, ``why`` explains it to staff ("迎→银 in/ing")."""

    community: Community
    score: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What one utterance says about the community. ``candidates`` best first; ``reason`` says why a reject is one."""

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""


ACCEPT, MARGIN, CONFIRM = 88.0, 8.0, 70.0
SUFFIXES = ("社区居委会", "村民委员会", "社区", "居委会", "村委会", "村")


class Matcher:
    """Matches spoken names against one directory. Built once, then read by many threads."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        named = [(community, name) for community in directory for name in (community.name, *community.aliases)]
        self.names = [(community, self._core(name)) for community, name in named]
        self.sounds = [" ".join(lazy_pinyin(core)) for _, core in self.names]

    def match(self, heard: str, *, without: Collection[str] = ()) -> Match:
        """The communities that *heard* may name.

        Args:
            heard: a recogniser's text, any script, may be empty or nonsense.
            without: codes the caller has refused already.
        """
        sound = " ".join(lazy_pinyin(heard[:200]))
        if len(sound) < 3:
            return Match(Decision.REJECT, reason="nothing was said")
        best: dict[str, Candidate] = {}
        for name, score, at in process.extract(sound, self.sounds, scorer=fuzz.partial_ratio, limit=12):
            community, core = self.names[at]
            if community.code not in without and len(name) <= len(sound) + 2:
                score = min(100.0, score + (core in heard))
                best.setdefault(community.code, Candidate(community, score, f"sounds like {core}"))
        candidates = tuple(sorted(best.values(), key=lambda each: (-each.score, each.community.code))[:3])
        if not candidates or candidates[0].score < CONFIRM:
            return Match(Decision.REJECT, candidates, "nothing in the directory sounds like it")
        margin = candidates[0].score - (candidates[1].score if len(candidates) > 1 else 0)
        sure = candidates[0].score >= ACCEPT and margin >= MARGIN
        return Match(Decision.ACCEPT if sure else Decision.CONFIRM, candidates)

    @staticmethod
    def _core(name: str) -> str:
        for suffix in SUFFIXES:
            if name.endswith(suffix) and len(name) > len(suffix) + 1:
                return name[: -len(suffix)]
        return name

    def hints(self, limit: int = 500, *, street: str | None = None) -> tuple[str, ...]:
        """Phrases a recogniser should expect: names, then streets; at most *limit*, each up to 100 characters."""
        rows = [community for community in self.directory if street in (None, community.street)]
        phrases = dict.fromkeys([row.name for row in rows] + [row.street for row in rows])
        return tuple(phrase.replace(",", " ")[:100] for phrase in phrases if phrase)[:limit]
