"""Sentences made of recordings: all of their parts, or none; a dialect's own, else its base's, else the voice."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.flow.types import Bye, Say
from ivr.voice import twiml
from ivr.voice.urls import Urls
from prompts import Clip, Pack, Packs, dialect, shipped, with_clips, with_sentences
from tests.twiml_check import problems

NUMBER = Say("goodbye.ticket", {"number": "1001"})
PARTS = ("您的编号是", "再说一遍", "№0", "№1")
PROMISE = Say("promise.by", {"day": "2026-03-02", "today": "2026-03-01", "clock": "08:30"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "clip.wav"
    made.write_bytes(b"RIFF")
    return made


def recorded(file: Path, texts: Iterable[str], *, language: str = "zh") -> Packs:
    """The packs, and Ningbo's dialect, with recordings of these texts; each address ends with its text."""
    zh = shipped()["zh"]
    packs = {**shipped(), "zh-ningbo": dialect(zh, "zh-ningbo", "宁波话", "7", ["宁波话"], offered=True)}
    return with_clips(packs, {(language, text): Clip(text, file) for text in texts}, {})


def heard(packs: Packs, *says: Say, language: str = "zh") -> list[str]:
    """What is played, and ``voice`` where something is spoken."""
    line = twiml.Line(packs, language, Urls("https://hotline.example"), {})
    document = twiml.render(Bye(says), 1, line)
    assert [] == problems(document)
    verbs = ElementTree.fromstring(document)  # noqa: S314 - our own document
    named = {"Play": lambda verb: verb.text.rpartition("/")[2], "Say": lambda _: "voice"}
    return [named[verb.tag](verb) for verb in verbs if verb.tag in named]


def test_a_number_is_read_out_digit_by_digit_in_recordings(file: Path):
    """The one that stands there twice is played twice."""
    ones = ["№1", "№0", "№0", "№1"]
    assert ["您的编号是", *ones, "再说一遍", *ones] == heard(recorded(file, PARTS), NUMBER)


@pytest.mark.parametrize("missing", PARTS)
def test_where_one_part_is_missing_the_voice_says_the_sentence(file: Path, missing: str):
    assert ["voice"] == heard(recorded(file, {*PARTS} - {missing}), NUMBER)


def test_days_times_names_and_the_hotlines_own_name_are_parts_too(file: Path):
    packs = recorded(file, ("明天", "早上", "8点半", "前给您回电", "银杏社区", "不对请按2", "您好，红领热线"))
    assert ["明天", "早上", "8点半", "前给您回电"] == heard(packs, PROMISE)
    assert ["银杏社区", "不对请按2"] == heard(packs, Say("community.taken", {"name": "银杏社区"}))
    assert ["您好，红领热线"] == heard(packs, Say("greet"))


def test_a_clip_that_was_deleted_meanwhile_is_said(file: Path):
    """F30"""
    packs = recorded(file, PARTS)
    file.unlink()
    assert ["voice"] == heard(packs, NUMBER)


def test_a_dialect_falls_back_sentence_by_sentence(file: Path):
    """Its own recordings; else its base's; else the base's voice. Never half of the one and half of the other."""
    packs = with_clips(
        recorded(file, ["再见"], language="zh-ningbo"), {("zh", each): Clip(each, file) for each in PARTS}, {}
    )
    said = heard(packs, Say("goodbye.talked"), NUMBER, Say("goodbye.end"), language="zh-ningbo")
    assert ["voice", *heard(packs, NUMBER), "再见"] == said


def test_what_a_dialect_words_itself_is_said_though_its_base_has_a_recording(file: Path):
    packs = with_sentences(recorded(file, ["再见"]), {("zh-ningbo", "goodbye.end"): "再会。"})
    assert (["voice"], ["再见"]) == tuple(
        heard(packs, Say("goodbye.end"), language=each) for each in ("zh-ningbo", "zh")
    )


def test_a_dialect_says_what_its_base_was_made_to_say(file: Path):
    packs = with_sentences(recorded(file, ()), {("zh", "goodbye.end"): "再会。"})
    assert "再会。" == packs["zh-ningbo"].say["goodbye.end"]


@pytest.mark.parametrize("pace", ["slowly", "loudly"])
def test_an_ordinary_recording_is_neither_slow_nor_loud(file: Path, pace: str):
    """What was recorded for the slow lane is played there."""

    def changed(packs: Packs) -> Packs:
        return {code: getattr(pack, pace) for code, pack in packs.items()}

    packs = recorded(file, ["再见"])
    assert ["voice"] == heard(changed(packs), Say("goodbye.end"))
    slow: dict[str, Pack] = {**packs, "zh": replace(packs["zh"], slow_clips={"再见": Clip("慢慢再见", file)})}
    assert [{"slowly": "慢慢再见", "loudly": "voice"}[pace]] == heard(changed(slow), Say("goodbye.end"))
