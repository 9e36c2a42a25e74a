"""Plain makers of directories for the tests of routing."""

from routing.directory import Community, Directory


def new_community(name: str, code: str = "330206002001", street: str = "新碶街道", **facts: object) -> Community:
    return Community(code, name, street, "北仑区", **facts)


def new_directory(*names: str, street: str = "新碶街道") -> Directory:
    """A directory of one street with the names given, coded in their order."""
    return Directory(new_community(name, f"330206002{n:03}", street) for n, name in enumerate(names, 1))
