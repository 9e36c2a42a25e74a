"""A matcher that is kept in a file: the same as a new one, and never a wrong one."""

from pathlib import Path

import pytest

from routing.arrays import saved
from routing.directory import Directory
from routing.directory.sheet import SheetError
from routing.matching import Matcher, cache
from tests.routing.builders import new_community

HEARD = ("银杏社区", "新碶街道那个迎新", "白果园", "太平村", "大榭太平", "今天天气很好", "")


def new_list() -> Directory:
    facts = {"aliases": ("白果园", "金色水岸"), "phone": "+8657455500104", "keypad": "104", "dialled": "+8657455500204"}
    return Directory(
        [
            new_community("银杏社区", "1", **facts),
            new_community("太平村委会", "2", "大榭街道", city="宁波市"),
            new_community("太平村委会", "3", "白峰街道", province="浙江省"),
        ]
    )


@pytest.fixture
def said() -> list[str]:
    return []


def test_what_was_kept_answers_like_what_was_built(tmp_path: Path, said: list[str]):
    built = Matcher(new_list())
    first, second = (cache.matcher(tmp_path / "list.index", "1", new_list, said.append) for _ in range(2))

    assert ["list.index is built: there is none yet"] == said
    for matcher in (first, second):
        assert list(new_list()) == list(matcher.directory)
        assert built.directory.by_keypad == matcher.directory.by_keypad
        assert [built.match(heard) for heard in HEARD] == [matcher.match(heard) for heard in HEARD]


def test_an_empty_list_is_kept_too(tmp_path: Path, said: list[str]):
    cache.matcher(tmp_path / "list.index", "1", Directory, said.append)

    assert 0 == len(cache.matcher(tmp_path / "list.index", "1", Directory, said.append).directory)


@pytest.mark.parametrize("at", [0, 1, 9, 40, -1000, -1])
def test_a_damaged_file_is_built_anew(tmp_path: Path, said: list[str], at: int):
    """One bit that flipped, wherever it is."""
    path = tmp_path / "list.index"
    Matcher(new_list()).save(path, "1")
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)

    matcher = cache.matcher(path, "1", new_list, said.append)

    assert ["list.index is built: it is damaged"] == said
    assert new_list()[0] == matcher.match("银杏社区").candidates[0].community
    assert Matcher.load(path, "1")


@pytest.mark.parametrize("size", [0, 5, 8, 100, 5000])
def test_a_file_that_was_cut_off_is_built_anew(tmp_path: Path, said: list[str], size: int):
    path = tmp_path / "list.index"
    Matcher(new_list()).save(path, "1")
    path.write_bytes(path.read_bytes()[:size])

    cache.matcher(path, "1", new_list, said.append)

    assert ["list.index is built: it is damaged"] == said


def test_a_file_of_another_list_or_program_is_built_anew(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "list.index"
    Matcher(Directory()).save(path, "1")
    cache.matcher(path, "2", new_list, said.append)
    monkeypatch.setattr(saved, "built_by", lambda: "a later program")

    assert 3 == len(cache.matcher(path, "2", new_list, said.append).directory)
    assert [
        "list.index is built: it was built of another list",
        "list.index is built: another version of the program built it",
    ] == said


def test_whoever_uses_the_old_file_keeps_what_it_held(tmp_path: Path):
    """It is replaced, not rewritten."""
    path = tmp_path / "list.index"
    Matcher(new_list()).save(path, "1")
    old = Matcher.load(path, "1")
    Matcher(Directory()).save(path, "2")

    assert list(new_list()) == list(old.directory)
    assert [path] == list(tmp_path.iterdir())


def test_where_nothing_can_be_kept_the_matcher_works_all_the_same(tmp_path: Path, said: list[str]):
    (tmp_path / "file").touch()

    assert 3 == len(cache.matcher(tmp_path / "file" / "list.index", "1", new_list, said.append).directory)
    assert 2 == len(said)


def test_a_changed_csv_file_is_another_list(tmp_path: Path, said: list[str]):
    listed, path = tmp_path / "list.csv", tmp_path / "list.index"
    for name in ("银杏社区", "红梅社区"):
        listed.write_text(f"code,name,street,district\n1,{name},新碶街道,北仑区\n", "utf-8")
        assert name == cache.matcher_of_file(listed, path, said.append).directory[0].name
    listed.write_text("code\n1\n", "utf-8")
    with pytest.raises(SheetError):
        cache.matcher_of_file(listed, path, said.append)
