"""Characters that nobody sees: what is taken out of a text before it is kept, compared or shown."""

import re

_CONTROL = "\x00-\x1f\x7f-\x9f"
_HALF = "\ud800-\udfff"  # half a character each: no database and no converter takes one
_SPACING = "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"  # no width, other lines, another direction

CONTROL = re.compile(f"[{_CONTROL}{_HALF}]")
CONTROL_WITHIN_LINES = re.compile(f"(?![\t\n])[{_CONTROL}{_HALF}]")  # what has lines keeps them
HIDDEN = re.compile(f"[{_CONTROL}{_HALF}{_SPACING}]")  # and what changes how the text beside it is shown
