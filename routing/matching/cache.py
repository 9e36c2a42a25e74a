"""A matcher that is ready at once: taken from the file it was kept in, built anew only when that is of no use."""

from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path

from routing.arrays.saved import Unusable
from routing.directory import Directory, read
from routing.matching.matcher import Matcher


def matcher(path: Path, source: str, directory: Callable[[], Directory], say: Callable[[str], None]) -> Matcher:
    """The matcher kept at *path*; when there is none of this *source*, that of *directory()*, kept there from now on.

    Says what it had to do, and when it could not keep the file: then this process has the matcher to itself.
    """
    try:
        return Matcher.load(path, source)
    except Unusable as reason:
        say(f"{path.name} is built: {reason}")
    built = Matcher(directory())
    try:
        built.save(path, source)
        return Matcher.load(path, source)  # what all share takes less memory than what was built
    except (OSError, Unusable) as error:
        say(f"{path.name} could not be kept: {error}")
        return built


def matcher_of_file(listed: Path, path: Path, say: Callable[[str], None]) -> Matcher:
    """The same for the communities of a CSV file. Raises ``SheetError`` or ``OSError`` when it cannot be taken."""
    with open(listed, "rb") as file:
        source = file_digest(file, "sha256").hexdigest()
    return matcher(path, source, lambda: read(listed), say)
