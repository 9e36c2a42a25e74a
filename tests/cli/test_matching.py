"""Explaining, auditing and calibrating the matcher from a terminal."""

import json
import stat
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ivr.app import App
from ivr.cli import matching
from ivr.cli.demo import SAMPLE
from ivr.store.directory import utterances
from ivr.store.session import Sessions
from routing.tuning import calibrate
from tests.builders import new_call, new_proposal, new_ticket, new_turn
from tests.cli.conftest import Run

GINKGO = "330206002004"
NOW = datetime.now(UTC)


@pytest.fixture
def run_with_sample(run: Run) -> Run:
    """The commands, over a database with the sample directory."""
    assert 0 == run("directory", "import", SAMPLE).exit_code
    return run


def test_a_match_is_explained_as_the_call_would_take_it(run_with_sample: Run):
    """The decision, each candidate with its score, and why."""
    sure = run_with_sample("directory", "listen", "我住在银杏那边").stdout.splitlines()
    assert sure[0].startswith("accept")
    assert f"银杏社区 (新碶街道, {GINKGO})" in sure[1]

    asked = run_with_sample("directory", "listen", "新碶街道那个迎新").stdout
    assert asked.startswith("confirm")
    assert "迎→银" in asked

    assert "reject  not understood: " in run_with_sample("directory", "listen", "\0 ??").stdout


def test_a_list_is_listened_to_without_the_database(run: Run):
    assert "银杏社区" in run("directory", "listen", "银杏", "--file", SAMPLE).stdout
    assert "reject  not understood: the directory is empty" in run("directory", "listen", "银杏").stdout


def test_a_bad_list_is_one_clear_error(run: Run, tmp_path: Path):
    (tmp_path / "list.csv").write_text("code,name\n1,x\n")
    done = run("directory", "listen", "银杏", "--file", tmp_path / "list.csv")

    assert (1, "") == (done.exit_code, done.stdout)
    assert "list.csv: row 1: column street, district is missing" in done.stderr


def test_the_audit_lists_pairs_and_what_would_help(run: Run, sessions: Sessions, tmp_path: Path):
    """Free keypad numbers; what callers seem to say."""
    rows = (
        "code,name,street,district\n1,高塘社区,新碶街道,北仑区\n2,高塘村,新碶街道,北仑区\n3,银杏社区,新碶街道,北仑区\n"
    )
    (tmp_path / "list.csv").write_text(rows, "utf-8")
    run("directory", "import", tmp_path / "list.csv")
    with sessions.begin() as db:
        new_proposal(db, new_turn(db, new_call(db)), heard="老鹰山", community="2")

    assert [
        "? 高塘社区 (新碶街道, 1) sounds like 高塘村 (新碶街道, 2)",
        "    keypad 101 is free for 高塘社区 (1)",
        "    keypad 102 is free for 高塘村 (2)",
        "    callers seem to say 老鹰山 for 高塘村: see /desk/aliases",
        "1 pairs among 3 communities.",
    ] == run("directory", "audit").stdout.splitlines()


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Four utterances, one of them of a place outside the directory."""
    path = tmp_path / "real.jsonl"
    said = {"银杏社区": [GINKGO], "我家在银杏": [GINKGO], "迎新社区": [GINKGO], "人民大道": []}
    path.write_text("\n".join(json.dumps({"heard": words, "truth": truth}) for words, truth in said.items()), "utf-8")
    return path


def test_calibrating_prints_the_frontier_and_writes_only_when_told(
    run: Run, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The chosen line is marked; the file gets the day and the source."""
    thresholds = tmp_path / "matching.toml"
    before = calibrate.THRESHOLDS.read_text("utf-8")
    thresholds.write_text(before, "utf-8")
    monkeypatch.setattr(calibrate, "THRESHOLDS", thresholds)
    done = run("directory", "calibrate", labelled, "--file", SAMPLE)

    assert 0 == done.exit_code, done.stderr
    assert "<- chosen" in done.stdout
    assert "before, on 4 utterances" in done.stdout
    assert before == thresholds.read_text("utf-8")

    run("directory", "calibrate", labelled, "--file", SAMPLE, "--write")
    assert "4 utterances of real.jsonl" in thresholds.read_text("utf-8")


@pytest.mark.parametrize("text", ["", '{"heard": "银杏", "truth": null}'])
def test_a_file_that_nobody_labelled_is_refused(run: Run, tmp_path: Path, text: str):
    """A line of the export counts only when somebody has put the truth into it."""
    (tmp_path / "raw.jsonl").write_text(text, "utf-8")

    assert 1 == run("directory", "calibrate", tmp_path / "raw.jsonl", "--file", SAMPLE).exit_code


# --- what callers said


@pytest.fixture
def answers(sessions: Sessions) -> None:
    """Answers of today and of three days ago, one of them in a test call, one about something else."""
    with sessions.begin() as db:
        for asked, words, days, test in [
            ("community", "银杏社区，电话13800000001", 0, False),
            ("community", "牡丹社区", 3, False),
            ("community", "测试社区", 0, True),
            ("need", "高血压药没有了", 0, False),
        ]:
            call = new_call(db, ticket=new_ticket(db), started_at=NOW - timedelta(days=days), test=test)
            new_turn(db, call, asked, {"kind": "speech", "text": words})
            new_turn(db, call, "community", {"kind": "keys", "text": "101"})


@pytest.mark.usefixtures("answers")
def test_callers_words_are_not_exported_unless_somebody_said_for_how_long(run: Run, tmp_path: Path):
    done = run("directory", "export-heard", tmp_path / "heard.jsonl")

    assert 1 == done.exit_code
    assert "HOTLINE_KEEP_HEARD_DAYS" in done.stderr
    assert not (tmp_path / "heard.jsonl").exists()


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(("days", "words"), [(2, ["银杏社区，电话•••"]), (30, ["牡丹社区", "银杏社区，电话•••"])])
def test_what_is_exported_is_masked_and_not_too_old(app: App, tmp_path: Path, days: int, words: list[str]):
    """Only answers about the community, without numbers, unlabelled; nobody else on this machine reads the file."""
    app.settings = app.settings.model_copy(update={"hotline_keep_heard_days": days})
    path = tmp_path / "heard.jsonl"
    export = partial(app.test_cli_runner().invoke, args=["directory", "export-heard", str(path)])
    done = export()

    assert f"{len(words)} lines of the last {days} days.\n" == done.stdout
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [{"heard": each, "truth": None, "guess": "330206001001", "kind": "real"} for each in words] == lines
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert 1 == app.test_cli_runner().invoke(args=["directory", "export-heard", str(path)]).exit_code, (
        "never over a file"
    )


@pytest.mark.parametrize(
    ("heard_words", "kept"),
    [
        ("138 0000 0001", "•••"),
        ("一三八零零零零零零零一", "•••"),
        ("三幢二零一室", "三幢二零一室"),
        ("１３８-0000，0001号", "•••号"),
        ("银杏社区", "银杏社区"),
    ],
)
def test_long_numbers_are_masked_however_they_are_written(heard_words: str, kept: str):
    """A house number stays: it tells nobody."""
    assert kept == utterances.masked(heard_words)


def test_a_large_list_is_kept_ready(run: Run, app: App, monkeypatch: pytest.MonkeyPatch):
    """It is built once, and anew when the file is of no use; both times it is said."""
    monkeypatch.setattr(matching, "LARGE", 0)
    first, second = (run("directory", "listen", "银杏", "--file", SAMPLE) for _ in range(2))
    (path,) = (app.settings.data_dir / "lists").glob("*.index")
    path.write_bytes(path.read_bytes()[:-1])
    damaged = run("directory", "listen", "银杏", "--file", SAMPLE)

    assert 1 == len({done.stdout for done in (first, second, damaged)})
    assert ["there is none yet", "", "it is damaged"] == [
        done.stderr.strip().rpartition(": ")[2] for done in (first, second, damaged)
    ]
