"""Which phrases should a recogniser expect? The best few hundred for a directory, or for one street of it."""

from collections import Counter

from routing.directory import Directory
from routing.speech import names
from routing.speech.names import COMMUNITY, VILLAGE

MAX_CHARACTERS = 100  # of one phrase, Twilio's limit


def hints(directory: Directory, limit: int = 500, *, street: str | None = None) -> tuple[str, ...]:
    """At most *limit* distinct phrases, most useful first, none with a comma: Twilio separates them by commas.

    First each community by the name callers say (银杏社区, not 银杏社区居委会), then the streets, then other names.
    When a directory is too large for all its names, the streets come first: the street narrows the next question.
    """
    rows = [community for community in directory if street in (None, community.street)]
    said = [_said(community.name) for community in rows]
    streets = [name for name, _ in Counter(community.street for community in rows).most_common()]
    aliases = [alias for community in rows for alias in community.aliases]
    wanted = said + streets + aliases if len(said) <= limit else streets + said
    phrases = (phrase.replace(",", " ")[:MAX_CHARACTERS].strip() for phrase in wanted)
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))[:limit]


def _said(published: str) -> str:
    name = names.parse(published)
    ending = {COMMUNITY: "社区", VILLAGE: "村", COMMUNITY | VILLAGE: "社区"}.get(name.kinds, "")
    return name.core if name.core.endswith("村") and ending == "村" else name.core + ending
