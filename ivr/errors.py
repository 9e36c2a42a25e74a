"""Errors that are told to people: configuration to the operator, refusals to staff."""


class ConfigError(Exception):
    """The environment is wrong. The text is one line that names the variable and the remedy."""


class Refused(Exception):
    """A rule forbids what was asked, or the thing does not exist for the person who asked."""
