"""Who may import whom, and where a module's test is: the house's two tables, held against every file.

A room imports only rooms that stand above it in its table, so no arrow runs back and there are no circles.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

BASE = "ivr.errors ivr.settings"
# Each house, and whose modules it may import beside its own. `desk` and `voice` never meet; only the worker knows jobs.
HOUSES = {
    "routing": "",  # whom a call concerns: pure
    "prompts": "",  # what is said: pure
    "ivr.phone": "",  # speaks HTTP with the hotline, and knows nothing else about it
    "ivr.flow": "routing",  # the call: pure
    "ivr.errors": "",
    "ivr.log": "",
    "ivr.recent": "",  # what a process keeps of what it made
    "ivr.settings": "ivr.errors",
    "ivr.outbound": "ivr.settings",  # whatever leaves this machine
    "ivr.carrier": f"{BASE} ivr.outbound",
    "ivr.store": f"{BASE} ivr.recent routing",
    "ivr.words": "routing ivr.store",  # sentences that pages, the API and the command line share
    "ivr.sheets": "routing prompts ivr.store ivr.words",  # tables as files
    "ivr.notify": f"{BASE} routing prompts ivr.store ivr.outbound ivr.carrier",
    "ivr.sound": "",  # any sound file as the telephone's
    "ivr.line": "routing prompts ivr.store",  # how its people have made it, for calls
    "ivr.playing": "ivr.store",  # a message's sound as an answer
    "ivr.app": f"ivr.line {BASE} routing prompts ivr.store ivr.sheets ivr.carrier ivr.notify",
    "ivr.health": "ivr.store ivr.words ivr.app",
    "ivr.metrics": "ivr.settings ivr.store ivr.app",
    "ivr.hosts": "ivr.store ivr.app",
    "ivr.jobs": f"{BASE} routing prompts ivr.sound ivr.store ivr.sheets ivr.carrier ivr.notify ivr.app",
    "ivr.voice": f"{BASE} routing prompts ivr.store ivr.carrier ivr.flow ivr.line ivr.app ivr.metrics",
    "ivr.desk": f"{BASE} ivr.recent routing prompts ivr.outbound ivr.sound ivr.store ivr.words ivr.sheets"
    " ivr.line ivr.playing ivr.app",
    "ivr.api": f"{BASE} routing prompts ivr.store ivr.words ivr.playing ivr.app",
    "ivr.simulator": f"{BASE} ivr.carrier ivr.phone ivr.app ivr.desk.shell",
    "ivr.cli": f"{BASE} routing prompts ivr.outbound ivr.store ivr.words ivr.sheets ivr.carrier ivr.flow ivr.phone"
    " ivr.app ivr.health ivr.jobs ivr.voice",
    "ivr.warm": "routing ivr.store ivr.app ivr.voice",
    "ivr.factory": f"{BASE} routing prompts ivr.log ivr.store ivr.carrier ivr.notify ivr.app ivr.health"
    " ivr.metrics ivr.hosts ivr.line ivr.voice ivr.desk ivr.api ivr.simulator ivr.cli",
    "wsgi": "ivr.errors ivr.factory",
    "ivr": "",  # the package itself: the sound SQLite, before anything else
}
# The rooms of a house, and which of its rooms each may import; "." are the files that stand in no room.
ROOMS = {
    "routing": {
        "characters": "",
        "arrays": "",
        ".": "",  # needs, hours, attempts, escalation
        "directory": "characters arrays .",
        "speech": "",
        "matching": "arrays directory speech",
        "tuning": "directory speech matching",
        "roster": ".",
    },
    "ivr.store": {
        "facts": "",
        "sealing": "",
        "models": "facts sealing",
        "migrations": "models",
        "blind": "models sealing",
        "derived": "facts models blind",
        "files": "sealing",
        ".": "models derived sealing files blind",  # sessions, the outbox, inserts: what every room stands on
        "access": ". facts models",
        "callers.phones": ". models",
        "directory": ". facts models derived access",
        "tickets": ". facts models access callers.phones directory",
        "callers": ". facts models access callers.phones directory tickets",
        "figures": ". facts models access directory",
        "calls": ". facts models derived access callers.phones tickets callers figures",
        "people": ". facts models tickets",
        "line": ". facts models access callers.phones directory people",
        "answering": ". models access callers.phones calls people",
        "outgoing": ". facts models access callers.phones tickets line answering",
        "condition": ". models access",
        "golive": ". condition",
        "inbox": ". facts models derived access callers.phones directory",
        "notices": ". facts models access line",
        "keeping": ". facts models derived sealing files access line tickets",
        "reports": ". facts models access tickets calls figures",
    },
    "ivr.flow": {
        "types": "",
        "standing": "types",
        "news": "types",
        "places": "types",
        "steps": "types standing news places",
        "automatic": "types",
        "closing": "types standing steps automatic",
        "overdue": "types standing automatic",
        "transfer": "types",
        "engine": "types standing news places steps",
        "chart": "types steps engine",
        ".": "",
    },
    "ivr.outbound": {
        "addresses": "",
        "connect": "addresses",
        "proxy": "addresses connect",
        "http": "addresses connect proxy",
        "certificate": "",
        ".": "",
    },
    "ivr.carrier": {
        "errors": "",
        "account": "errors",
        "sound": "",
        "media": "errors account sound",
        "listing": "errors account",
        "placing": "errors account listing",
        "moving": "errors account placing",
        ".": "",
    },
    "ivr.desk": {
        "shell": "",
        "words": "shell",
        "log": "shell words",
        "figures": "shell words log",
        "work": "shell words log",
        "names": "shell log work",
        "answering": "shell words",
        "running": "shell words",
        ".": "shell words",
    },
}


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """The modules of a package, or the module itself, with their files."""
    folder = ROOT / package.replace(".", "/")
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]:
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The modules of ours that a file imports, wherever in the file; those for type checkers alone are none."""
    return tuple(name for name in _imported(path) if name.split(".")[0] in ("ivr", "prompts", "routing"))


def _imported(path: Path) -> Iterator[str]:
    tree = parsed(path)
    typing_only = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def place(name: str, places: dict[str, str], fallback: str) -> str:
    """The narrowest of *places* that *name* is in."""
    return max((place for place in places if within(name, place)), key=len, default=fallback)


@pytest.mark.parametrize("house", HOUSES)
def test_a_house_imports_only_what_the_table_allows(house: str):
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for module, path in modules(house)
        if place(module, HOUSES, "nowhere") == house
        for name in imports(path)
        if place(name, HOUSES, "nowhere") != house
        if not any(within(name, allowed) for allowed in HOUSES[house].split())
    }
    assert set() == wrong


@pytest.mark.parametrize("house", ROOMS)
def test_a_room_imports_only_the_rooms_that_the_table_allows(house: str):
    """A folder that is no room of the table yet belongs to "." and may import as little as that."""
    rooms = ROOMS[house]

    def room(name: str) -> str:
        return place(name.removeprefix(house + "."), rooms, ".")

    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for module, path in modules(house)
        for name in imports(path)
        if within(name, house) and room(name) not in {room(module), *rooms[room(module)].split()}
    }
    assert set() == wrong


@pytest.mark.parametrize("table", [HOUSES, *ROOMS.values()], ids=["houses", *ROOMS])
def test_no_arrow_runs_back(table: dict[str, str]):
    """Whoever is imported stands above whoever imports it."""
    rows = list(table)
    back = {
        f"{row} may import {allowed}, which stands below it"
        for row, names in table.items()
        for allowed in names.split()
        if place(allowed, table, allowed) not in rows[: rows.index(row)]
    }
    assert set() == back


def test_no_row_of_the_tables_is_dead():
    """Every house and room is there; "ivr" and "." are where the rest stands."""
    rooms = [*HOUSES, *(f"{house}.{room}" for house, rooms in ROOMS.items() for room in rooms if room != ".")]
    assert [] == [room for room in rooms if not any(path.exists() for _, path in modules(room))]


# Where a module's test is: beside its mirror image, or in the map.

MAP = (ROOT / "tests" / "README.md").read_text("utf-8")
TICKED = re.compile(r"`([^`]+)`")


def mirror(module: str) -> Path:
    """``ivr.store.session`` -> ``tests/store/test_session.py``; a package's file -> ``test_`` and the folder's name."""
    *folders, name = module.removeprefix("ivr.").split(".")
    return ROOT.joinpath("tests", *folders, f"test_{name}.py")


@cache
def with_code() -> dict[str, Path]:
    """The modules that are more than a docstring."""
    files = {module: path for package in ("ivr", "routing", "prompts") for module, path in modules(package)}
    return {module: path for module, path in files.items() if "versions" not in path.parts and parsed(path).body[1:]}


def mapped() -> dict[str, list[Path]]:
    """Module -> its tests, by the README's map; a star stands for every module of its folder."""
    there: dict[str, list[Path]] = {}
    for row in (
        line.split(" | ") for line in MAP.splitlines() if line.startswith(("| `ivr", "| `routing", "| `prompts"))
    ):
        (folder,), names, tests = map(TICKED.findall, row)
        package = folder.strip("/").replace("/", ".")
        for name in names:
            every = [module for module in with_code() if within(module, package)] if name == "*" else []
            for module in every or [f"{package}.{name}".removesuffix(".__init__")]:
                assert module not in there, f"tests/README.md names {module} twice"
                there[module] = [ROOT / "tests" / test for test in tests]
    return there


def test_every_module_has_its_test():
    """A file of its own name in the mirrored place, or a line in the map of tests/README.md."""
    own = {module for module in with_code() if mirror(module).exists()}
    assert [] == sorted(with_code().keys() - own - mapped().keys()), "name their tests in tests/README.md"


def test_the_map_has_no_dead_lines():
    """It names modules that are there, have no test of their own name, and tests that are there."""
    dead = [module for module in mapped() if module not in with_code() or mirror(module).exists()]
    dead += [str(test.relative_to(ROOT)) for tests in mapped().values() for test in tests if not test.exists()]
    assert [] == dead


def test_every_test_has_its_place():
    """Beside its mirror image, or named in tests/README.md, by itself or with its folder."""
    named = {*TICKED.findall(MAP), *(str(mirror(module).relative_to(ROOT / "tests")) for module in with_code())}
    tests = (path.relative_to(ROOT / "tests") for path in sorted((ROOT / "tests").rglob("test_*.py")))
    assert [] == [str(test) for test in tests if str(test) not in named and f"{test.parts[0]}/" not in named]
