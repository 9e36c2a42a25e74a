"""A process keeps what it needed last."""

from ivr.recent import Recent


def test_what_was_asked_for_lately_stays():
    kept = Recent[str, int](2)
    kept.put("old", 1)
    kept.put("older", 2)

    assert 1 == kept.get("old")
    kept.put("new", 3)
    assert (1, None, 3) == (kept.get("old"), kept.get("older"), kept.get("new"))
