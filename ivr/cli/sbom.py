"""``flask sbom``: what the hotline is made of, for whoever has to know it."""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import click

LOCK = Path(__file__).parents[2] / "requirements.txt"
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
CLASSIFIED = "License :: "
UNTOLD = {"pysqlite3": "Zlib"}  # by its LICENSE file: its metadata say nothing
GPL = {"libx264": "GPL-2.0-or-later", "libx265": "GPL-2.0-or-later"}  # what a wheel may carry without saying so


@click.command("sbom")
def sbom() -> None:
    """Print a bill of materials (CycloneDX 1.6, JSON): each locked package with its version, hashes and licence,
    and libraries under the GPL that come inside one.

    Nothing is asked of any network: the lock tells versions and hashes, what is installed tells licences.
    """
    click.echo(json.dumps(bill(datetime.now(UTC)), indent=2))


def bill(now: datetime) -> dict[str, Any]:
    """The document. https://cyclonedx.org/docs/1.6/json/"""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds"),
            "component": {"type": "application", "bom-ref": "hotline", "name": "hotline"},
        },
        "components": [_component(*each) for each in locked()],
    }


def locked() -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and SHA-256 hashes (of every file of it, for every system) of each package in the lock."""
    text = LOCK.read_text("utf-8")
    found = list(PINNED.finditer(text))
    ends = [each.start() for each in found[1:]] + [len(text)]
    for each, end in zip(found, ends, strict=True):
        yield each[1], each[2], HASH.findall(text, each.end(), end)


def licence(name: str) -> str | None:
    """As an SPDX expression where the package says it so, else in its own words; None when it is not installed here."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    said, classifiers = (told.get_all(field) or [] for field in ("License", "Classifier"))
    expression = UNTOLD.get(name) or "".join(told.get_all("License-Expression") or [])
    classified = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith(CLASSIFIED)]
    own = "".join(said).strip().splitlines()
    return expression or " OR ".join(classified) or (own[0] if own else "")


def carried(name: str) -> dict[str, str]:
    """The libraries under the GPL among the files of an installed package, with their licences as SPDX expressions."""
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return {}
    names = {file.name.partition(".")[0].partition("-")[0] for file in files}  # libx264-d6533a8d.so.165
    return {library: GPL[library] for library in sorted(names & GPL.keys())}


def _component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    purl = f"pkg:pypi/{name.lower()}@{version}"
    known = licence(name)
    inside = [{"type": "library", "name": each, **_licensed(told)} for each, told in carried(name).items()]
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
        **(_licensed(known) if known else {}),
        **({"components": inside} if inside else {}),
    }


def _licensed(name: str) -> dict[str, Any]:
    return {"licenses": [{"license": {"name": name}}]}
