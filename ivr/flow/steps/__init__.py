"""The questions of a call, one file each: ``ask`` says what the caller hears, ``answer`` where that leads.

A step on the way also says when it is ``due``; the others are side steps that a step goes to by name. ``HEARS``
declares what its question is about, and whether the answer may be read by others than the flow.
"""

import importlib
import pkgutil
from types import ModuleType

from ivr.flow.types import Hears

STEPS: dict[str, ModuleType] = {
    found.name: importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
}

# The way through a call: the first of these that is due is asked next. The beep is always due.
WAY = ("brief", "returning", "need", "known", "community", "callback", "person", "waiting", "message")


def hears(step: str) -> Hears:
    """What the step declares to hear; of one that declares nothing, or is gone, nobody is told anything."""
    declared: Hears = getattr(STEPS.get(step), "HEARS", Hears())
    return declared
