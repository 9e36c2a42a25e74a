"""Which communities may somebody mean who typed a name, and slipped?

What staff type has the right characters, or nearly: here a ratio of characters is the right measure. What callers
say has the right sounds; that is ``routing.matching.matcher``.
"""

from rapidfuzz import fuzz, process

from routing.directory.listing import Community, Directory

LIKE_ENOUGH = 55  # of WRatio's 100: half of a name of two characters, its kind and its street
# https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html#wratio


def nearest(typed: str, directory: Directory, limit: int) -> list[Community]:
    """The communities whose name (or other name) and street look most like *typed*, best first."""
    looks = {
        (community.code, name): f"{name} {community.street}"
        for community in directory
        for name in (community.name, *community.aliases)
    }
    found = process.extract(typed, looks, scorer=fuzz.WRatio, limit=limit, score_cutoff=LIKE_ENOUGH)
    return [directory.by_code[code] for code in dict.fromkeys(code for _, _, (code, _) in found)]
