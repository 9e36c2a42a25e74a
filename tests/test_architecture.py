"""Who may import whom: the design's table, held against every import in the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

COMMON = {"ivr", "ivr.settings", "ivr.errors", "ivr.log", "ivr.clock"}
MAY = {
    "routing": set(),
    "prompts": set(),
    "ivr.phone": set(),
    "ivr.flow": {"routing"},
    "ivr.store": {"routing"} | COMMON,
    "ivr.notify": {"ivr.store", "routing", "prompts", "ivr.carrier.account"} | COMMON,
    "ivr.jobs": {"ivr.store", "ivr.notify", "routing", "prompts", "ivr.carrier.account", "ivr.app"} | COMMON,
    "ivr.carrier": COMMON,
    "ivr.voice": {"ivr.flow", "ivr.store", "ivr.carrier", "prompts", "routing", "ivr.app"} | COMMON,
    "ivr.desk": {"ivr.store", "routing", "prompts", "ivr.app"} | COMMON,
    "ivr.api": {"ivr.store", "routing", "prompts", "ivr.app"} | COMMON,
    "ivr.settings": {"ivr.errors"},
    "ivr.errors": set(),
    "ivr.log": set(),
}


def imports(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, wherever in the file; those for type checkers alone are none."""
    tree = ast.parse(path.read_text("utf-8"))
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
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in ("ivr", "prompts", "routing"))


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("package", MAY)
def test_a_package_imports_only_what_the_design_allows(package: str):
    folder = ROOT / package.replace(".", "/")
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imports(path)
        if not any(within(name, allowed) for allowed in {package} | MAY[package])
    }
    assert set() == wrong
