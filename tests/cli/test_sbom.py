"""``flask sbom``: a bill of materials that leaves nothing out."""

import json
import re

from ivr.cli.sbom import LOCK, licence, locked
from tests.cli.conftest import Run

# What may be used in a program that is given away under the Apache License: permissive, or a library's own.
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser|Unlicense|(?i:zlib)|CC0|Public Domain"
)


def test_every_locked_package_is_in_it_with_its_hashes(run: Run):
    """A117"""
    bill = json.loads(run("sbom").stdout)
    assert ("CycloneDX", "1.6") == (bill["bomFormat"], bill["specVersion"])
    pinned = [line for line in LOCK.read_text("utf-8").splitlines() if "==" in line.split(";")[0]]
    assert len(pinned) == len(bill["components"])
    assert all(each["hashes"] for each in bill["components"])
    flask = next(each for each in bill["components"] if each["name"] == "flask")
    assert flask["purl"] == f"pkg:pypi/flask@{flask['version']}"
    assert "BSD" in flask["licenses"][0]["license"]["name"]


def test_what_comes_under_the_gpl_inside_a_package_is_named(run: Run):
    """PyAV's metadata say BSD alone; its wheel has the encoders of videos, too."""
    by_name = {each["name"]: each for each in json.loads(run("sbom").stdout)["components"]}
    assert "BSD-3-Clause" == by_name["av"]["licenses"][0]["license"]["name"]
    assert {"libx264", "libx265"} == {each["name"] for each in by_name["av"]["components"]}
    assert all("GPL-2.0" in str(each["licenses"]) for each in by_name["av"]["components"])
    assert ["av"] == [name for name, each in by_name.items() if "components" in each]


def test_every_package_has_a_licence_that_lets_us_use_it():
    """A117: those that are not installed on this system cannot be asked."""
    told = {name: licence(name) for name, _, _ in locked()}
    assert [] == [(name, text) for name, text in told.items() if text is not None and not FREE.search(text)]
