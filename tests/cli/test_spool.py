"""``flask spool``: what waits, what was given up, and another try."""

from ivr.app import App
from ivr.store.files.spool import Spooled


def test_what_was_given_up_is_listed_and_tried_again(app: App) -> None:
    """Without a word or number of the caller's; what cannot even be read is named too."""

    def refuse(spooled: Spooled) -> None:
        raise ValueError

    app.spool.append({"CallSid": "CA1", "From": "+8613800000001", "SpeechResult": "买药"}, "failed", 2)
    app.spool.append({"CallSid": "CA2"}, "message")
    app.spool.drain(refuse)
    (app.spool.bad / "0-half.json").write_text("{")
    run = app.test_cli_runner().invoke

    told = run(args=["spool", "list"]).stdout
    assert told.startswith("0 waiting, 3 given up")
    for words in ("cannot be read", "failed, turn 2", "message, a message"):
        assert words in told
    assert "+86" not in told
    assert "买药" not in told
    assert "3 will be tried again.\n" == run(args=["spool", "retry"]).stdout
    assert (3, 0) == app.spool.waiting()
