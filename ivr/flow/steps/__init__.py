"""The questions of a call, one file each: ``ask`` says what the caller hears, ``answer`` where that leads.

A step on the way also says when it is ``due``; the others are side steps that a step goes to by name.
"""

import importlib
import pkgutil
from types import ModuleType

STEPS: dict[str, ModuleType] = {
    found.name: importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
}

# The way through a call: the first of these that is due is asked next. The beep is always due.
WAY = ("returning", "need", "known", "community", "callback", "message")
