"""Finding the few names worth a look among very many."""

import random

import pytest

from routing.directory import Directory
from routing.matching import Matcher, ranking, shortlist
from tests.routing.builders import new_community
from tests.routing.noise import Noise

SIZE = 25_000
QUERIES = 400
FIRST = "东西南北上下大小新老前后金银石沙龙凤桥河湖江山林竹梅杨柳松张王李赵陈周吴郑孙马高"
SECOND = "村庄沟坡岭湾塘浦港渡口桥头岙碶堰坝墩埠洋田畈坑坞墙店铺集镇堡屯营寨坪坦溪泉井池潭峰岩石花草"
LAST = "家头边上下里外前后东西南北坊园苑新"


@pytest.fixture(scope="module")
def directory() -> Directory:
    """As many names as a province has, of characters that place names have."""
    some = random.Random(1)  # noqa: S311 - chance, no secret
    names = {
        some.choice(FIRST) + some.choice(SECOND) + some.choice(["", *LAST]) + some.choice(["社区", "村委会"])
        for _ in range(3 * SIZE)
    }
    return Directory(
        new_community(name, f"33{n:06}001", f"{FIRST[n % 40]}{SECOND[n // 40 % 40]}街道")
        for n, name in enumerate(sorted(names)[:SIZE])
    )


def test_hardly_any_name_is_lost_by_looking_at_few(directory: Directory, monkeypatch: pytest.MonkeyPatch):
    """Against a look at every name: among the first three as often, but for three in a thousand."""
    queries = [query for query in Noise(directory, directory, seed=7).queries(QUERIES) if len(query["truth"]) == 1]
    matcher = Matcher(directory)

    def top3() -> int:
        found = ((query, matcher.match(query["heard"]).candidates) for query in queries)
        return sum(query["truth"][0] in {each.community.code for each in candidates} for query, candidates in found)

    by_pairs = top3()
    monkeypatch.setattr(shortlist, "FEW", SIZE)
    monkeypatch.setattr(ranking, "MAX_ALIGNED", SIZE)

    assert len(queries) > QUERIES / 2
    assert top3() - by_pairs <= 0.003 * len(queries)
