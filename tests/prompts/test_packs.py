"""The packs: they agree, everything that is said is in them, and what is wrong with one is named."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from ivr.flow.steps import STEPS
from ivr.flow.types import Ask, Bye, Keys, Message, Recorded, Reply, Say, Silence
from ivr.voice import twiml
from ivr.voice.urls import Urls
from prompts import PackError, compare, load_packs
from prompts.pack import HERE, PAUSE, blanks
from prompts.parts import part
from routing import needs
from routing.speech.automaton import Automaton
from routing.speech.lexicon import entries
from routing.speech.ways import filled
from tests.flow.builders import WORLD, call

ROOT = HERE.parent
PACKS = load_packs()
SPEAKING = [*ROOT.glob("ivr/flow/**/*.py"), *ROOT.glob("ivr/voice/**/*.py"), *ROOT.glob("routing/hours.py")]
KNOWN_BY = ("known.caller", "known.dialled")  # the one key that is put together: by whom the community is known


def said_in_code() -> set[str]:
    """Every text in the code that has the shape of a key and stands where one is spoken or promised."""
    found = set()
    for path in SPEAKING:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z_.]+", node.value):
                found.add(node.value)
    return found


def spoken_keys() -> set[str]:
    """The keys that a Say, a notice or a promise names."""
    found = set(KNOWN_BY)
    for path in SPEAKING:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Say":
                found |= {each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)}
    return {key for key in found if re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", key)} - {"known"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the packs to be spoilt."""
    copytree(HERE, tmp_path, dirs_exist_ok=True, ignore=ignore_patterns("*.py", "audio"))
    return tmp_path


def spoil(folder: Path, old: str, new: str) -> str:
    """The sentence that refuses the packs once *old* reads *new* in the English one."""
    pack = folder / "en.toml"
    text = pack.read_text("utf-8")
    assert old in text
    pack.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PackError) as refused:
        load_packs(folder)
    return str(refused.value)


# --- what ships


def test_mandarin_and_english_ship():
    assert {"zh": "8", "en": "9"} == {code: pack.key for code, pack in PACKS.items()}


def test_the_packs_say_the_same_things_with_the_same_blanks():
    assert [] == [fault for pack in PACKS.values() for fault in compare(PACKS["zh"], pack)]


@pytest.mark.parametrize("language", PACKS)
def test_everything_that_is_said_is_in_the_pack(language: str):
    assert set() == spoken_keys() - set(PACKS[language].say)


@pytest.mark.parametrize("language", PACKS)
def test_nothing_is_in_the_pack_that_nobody_says(language: str):
    """A sentence that no code names is dead weight for the translator."""
    assert set() == set(PACKS[language].say) - said_in_code() - set(KNOWN_BY)


@pytest.mark.parametrize("language", PACKS)
def test_every_need_has_a_label_and_words(language: str):
    pack = PACKS[language]
    assert {*needs.SHIPPED.by_key, "unknown"} == set(pack.needs)
    assert set(needs.SHIPPED.by_key) == set(pack.words["needs"])


@pytest.mark.parametrize("language", PACKS)
def test_every_question_has_a_name_for_the_call_log(language: str):
    assert set(STEPS) == set(PACKS[language].steps)


def test_no_language_takes_a_key_from_a_need():
    """A need that is added looks for a free key."""
    assert set() == {pack.key for pack in PACKS.values()} & set(needs.SHIPPED.by_digit)


@pytest.mark.parametrize("language", PACKS)
def test_no_word_means_everything(language: str):
    """An empty word would be found in any sentence: no entry may be read as nothing, as (a|) can."""
    words = PACKS[language].words
    written = [(filled(entry, words.get("groups", {})).strip("^$…"), entry) for _, entry in entries(words)]
    assert [] == [entry for entry, _ in written if Automaton([(entry, "")]).may_be_nothing]


@pytest.mark.parametrize("language", PACKS)
def test_digits_are_written_as_digits(language: str):
    """请按1, not 请按一: the voice reads both, the supervisor compares one."""
    assert not re.search("按[一二三四五六七八九零](?!位)", "".join(PACKS[language].say.values()))


@pytest.mark.parametrize("language", PACKS)
def test_both_notices_say_that_we_record(language: str):
    for key in ("message.notice", "message.beep"):
        assert re.search("开始录音|Recording starts", PACKS[language].say[key])


@pytest.mark.parametrize("language", PACKS)
def test_the_waits_are_those_of_the_design(language: str):
    """Eight seconds for an answer, four for the review, ten of silence or 120 end a message, 25 of ringing."""
    waits_s = PACKS[language].waits_s
    assert (8, 4, 1, 25, 10, 120) == tuple(
        waits_s[name] for name in ("answer", "review", "correction", "ring", "message_silence", "message_max")
    )
    assert 2 <= waits_s["speech_end"] <= 3


@pytest.mark.parametrize("language", PACKS)
def test_the_slow_lane_is_slower_and_waits_longer(language: str):
    """Every wait it names; what it does not name is the ordinary one."""
    pack, slowly = PACKS[language], PACKS[language].slowly

    assert {"ring", "waiting"} == {name for name in pack.waits_s if slowly.waits_s[name] == pack.waits_s[name]}
    assert all(slowly.waits_s[name] >= wait_s for name, wait_s in pack.waits_s.items())
    assert int(slowly.voice["rate"].rstrip("%")) < int(pack.voice["rate"].rstrip("%"))
    assert (pack.voice["name"], pack.say) == (slowly.voice["name"], slowly.say)


def heard(*replies: Reply) -> str:
    """What these replies say, as a document of the Chinese voice."""
    says: list[Say] = []
    for reply in replies:
        match reply:
            case Ask() | Bye():
                says += reply.says
            case Message(before, notice, first):
                says += [*before, *(first.says if first else ()), notice]
    return twiml.render(Bye(tuple(says)), 1, twiml.Line(PACKS, "zh", Urls("https://hotline.example"), {}))


def test_the_longest_ordinary_way_to_the_beep_is_about_a_hundred_characters():
    """Medicine by key, the community by its number, said back, the notice: what old ears can hold, in half a minute.

    At four characters a second of slow speech, two for the key that is named in English, half a second a pause.
    """
    world = replace(WORLD, languages={"9": "en"})
    document = heard(*(call(world, *answers).reply for answers in ((), (Keys("1"),), (Keys("1"), Keys("101")))))
    chinese = len(re.findall("[\u4e00-\u9fff]", document))

    assert chinese <= 100
    assert chinese / 4 + 2 + document.count("<break") / 2 <= 30


def test_in_the_slow_lane_the_same_way_takes_half_a_minute_and_a_bit():
    """The same words at 70 instead of 85 percent, 0.9 s a pause: 36 s instead of 28. Before that, somebody is rung."""
    slowly = PACKS["zh"].slowly
    world = replace(WORLD, languages={"9": "en"})
    document = heard(*(call(world, *answers).reply for answers in ((), (Keys("1"),), (Keys("1"), Keys("101")))))
    chinese = len(re.findall("[\u4e00-\u9fff]", document))
    slower = 85 / int(slowly.voice["rate"].rstrip("%"))
    pause_s = int(slowly.voice["pause"].removesuffix("ms")) / 1000

    assert (chinese / 4 + 2) * slower + document.count("<break") * pause_s <= 36


def test_who_is_silent_from_the_start_hears_the_beep_within_half_a_minute():
    """C16: the menu once, a word of encouragement, what to say after the beep; with the waits in between."""
    world = replace(WORLD, languages={"9": "en"})
    replies = [call(world, *[Silence()] * times).reply for times in (0, 1, 2)]
    document = heard(*replies)
    spoken_s = len(re.findall("[\u4e00-\u9fff]", document)) / 4 + 2 + document.count("<break") / 2
    waited_s = sum(PACKS["zh"].waits_s[reply.wait] for reply in replies if isinstance(reply, Ask))

    assert isinstance(replies[-1], Message)
    assert spoken_s + waited_s <= 30


def test_the_last_words_promise_a_call():
    assert "两小时内给您回电" in heard(call(WORLD, Keys("1"), Keys("101"), Recorded(9), Silence()).reply)


# --- what is wrong with one is named


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"hello" = ', '"hallo" = ', "[say] lacks hallo"),
        ("For {need}, press {digit}.", "For {need}, press 1.", "menu.choice differs from"),
        ("{name}. If that is wrong", "{nome}. If that is wrong", "community.taken differs from"),
        ('key = "9"', 'key = "0"', "en: key 0 already means something else"),
        ('key = "9"', 'key = "8"', "key 8 chooses two languages"),
        ('key = "9"', 'key = "4"', "en: key 4 already means something else"),
        ('key = "9"', 'key = "*"', "en.toml: key: "),
        ('key = "9"', 'key = "10"', "en.toml: key: "),
        ("answer = 8", "anser = 8", "[waits_s]"),
        ("answer = 8", 'answer = "8"', "en.toml: waits_s.answer: "),
        ("answer = 8", "answer = 0", "en.toml: waits_s.answer: "),
        ('rate = "70%"', 'speed = "70%"', "[slow.voice] has speed, which [voice] lacks"),
        ("answer = 15", "anser = 15", "[slow.waits_s] has anser, which [waits_s] lacks"),
        ("answer = 15", "answer = 0", "en.toml: slow.waits_s.answer: "),
        ("[slow.voice]", "[slow.tone]", "en.toml: slow."),
        ('food = "food"', 'fod = "food"', "[needs]"),
        ("needs = [", "nedes = [", "[hints] lacks nedes"),
        ('"again"', '""', "en.toml: hints.review.0: "),
        ('"again"', "1", "en.toml: hints.review.0: "),
        ("asked_for = [", "asked_by = [", "en.toml: asked_for: "),
        ('language = "en"', "language = en", "en.toml: "),
        ('language = "en"', 'language = "zh"', "en.toml: language: "),
        ('name = "English"', 'nom = "English"', "en.toml: "),
        ("Goodbye. ", "Goodbye {", "en.toml: say.goodbye.end: "),
        ("Goodbye. ", "Goodbye {0}. ", "goodbye.end differs from"),
        ('"goodbye.end" = "Goodbye. "', '"goodbye.end" = ""', "en.toml: say.goodbye.end: "),
    ],
)  # fmt: skip
def test_a_bad_entry_is_named_with_its_pack(folder: Path, old: str, new: str, sentence: str):
    """At start, in one line, instead of in the middle of somebody's call."""
    refused = spoil(folder, old, new)
    assert sentence in refused
    assert "en" in refused
    assert "\n" not in refused


def test_a_pack_that_is_no_text_is_named(folder: Path):
    (folder / "fr.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PackError, match=r"fr\.toml"):
        load_packs(folder)


def test_a_folder_without_packs_is_refused(tmp_path: Path):
    with pytest.raises(PackError, match="no pack"):
        load_packs(tmp_path)


def test_a_pack_may_say_more_pauses_than_another(folder: Path):
    """They are a matter of the language."""
    pack = folder / "en.toml"
    pack.write_text(pack.read_text("utf-8").replace('"Goodbye. "', f'"Goodbye. {{{PAUSE}}}"'), "utf-8")
    assert PAUSE in blanks(load_packs(folder)["en"].say["goodbye.end"])


# --- clips


def clip(folder: Path, name: str, sound: bytes = b"RIFF") -> None:
    file = folder / "audio" / "en" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sound)


def test_a_clip_is_known_by_its_content(folder: Path):
    """A new recording has a new name, so that the carrier does not play the old one."""
    names = []
    for sound in (b"one", b"two"):
        clip(folder, "hello.wav", sound)
        pack = load_packs(folder)["en"]
        names.append(pack.clips[part(pack.say["hello"])].name)
    assert names[0] != names[1]
    assert re.fullmatch(r"en/hello\.[0-9a-f]{16}\.wav", names[0])


@pytest.mark.parametrize("name", ["menu.choice.wav", "nonsense.mp3"])
def test_a_clip_that_could_never_be_played_is_named(folder: Path, name: str):
    """Of a sentence with blanks, or of none."""
    clip(folder, name)
    with pytest.raises(PackError, match=re.escape(name)):
        load_packs(folder)


def test_the_slow_lane_has_clips_of_its_own(folder: Path):
    """A recording has one pace: without a slow one the sentence is spoken, slowly."""
    clip(folder, "hello.wav")
    clip(folder, "slow/goodbye.end.wav")
    pack = load_packs(folder)["en"]
    hello, goodbye = (part(pack.say[key]) for key in ("hello", "goodbye.end"))
    assert (True, False) == (bool(pack.clip(hello)), bool(pack.slowly.clip(hello)))
    assert (False, True) == (bool(pack.clip(goodbye)), bool(pack.slowly.clip(goodbye)))


def test_a_dialect_is_one_file_with_what_it_says_otherwise(folder: Path):
    """The rest, words and recogniser included, is its base's; so a new sentence of the base is no fault of it."""
    own = (
        'language = "en-scots"\nbase = "en"\nname = "Scots"\nkey = "7"\nasked_for = ["scots"]\n[say]\nhello = "Aye."\n'
    )
    (folder / "en-scots.toml").write_text(own, "utf-8")
    packs = load_packs(folder)
    scots, english = packs["en-scots"], packs["en"]
    assert ("Aye.", english.say["greet"]) == (scots.say["hello"], scots.say["greet"])
    assert (frozenset({"hello", "language.offer"}), english.words) == (scots.own, scots.words)
    assert "Scots" in scots.say["language.offer"]
    assert english.recogniser == scots.recogniser


@pytest.mark.parametrize("base", ['"fr"', '"en-scots"', "7"])
def test_a_dialect_of_nothing_is_refused(folder: Path, base: str):
    (folder / "en-scots.toml").write_text(f'language = "en-scots"\nbase = {base}\n', "utf-8")
    with pytest.raises(PackError, match="base: there is no pack"):
        load_packs(folder)


def test_other_files_beside_the_clips_are_left_alone(folder: Path):
    clip(folder, "README.txt")
    assert {} == load_packs(folder)["en"].clips


def test_words_that_lack_a_table_are_named_with_their_pack(folder: Path):
    """The words of a pack stand in a file of their own."""
    words = folder / "words" / "en.toml"
    words.write_text(words.read_text("utf-8").replace("[needs.food]", "[needs.fod]"), "utf-8")
    with pytest.raises(PackError, match=r"\[words\.needs\] (lacks|has) fod"):
        load_packs(folder)
    words.write_text("[answers]\nyes = [3]\n", "utf-8")
    with pytest.raises(PackError, match=r"^words/en\.toml: answers"):
        load_packs(folder)
    words.unlink()
    with pytest.raises(PackError, match=r"^words/en\.toml: there is no such file"):
        load_packs(folder)
