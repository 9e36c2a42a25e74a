"""``flask flow``: what a developer or a supervisor sees in the terminal."""

from tests.cli.conftest import Run


def test_a_reading_is_explained_word_by_word(run: Run):
    told = run("flow", "listen", "我爸爸没有摔倒，要买降压药").output
    assert "needs     medicine" in told
    assert "摔倒: emergency.medical, denied" in told
    assert "emergency " not in told


def test_an_emergency_is_explained_with_its_number(run: Run):
    assert "emergency fire, dial 119" in run("flow", "listen", "著火了").output


def test_what_means_nothing_is_said_to(run: Run):
    assert "nothing is understood" in run("flow", "listen", "外面在下雨").output


def test_a_language_without_a_pack_is_named(run: Run):
    refused = run("flow", "listen", "hello", "--language", "fr")
    assert refused.exit_code == 2
    assert "there are: en, zh" in refused.output
