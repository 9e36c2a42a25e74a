"""What an object works out once: ``functools.cached_property`` without its lock.

Before Python 3.12 all objects of a class share that lock. Whoever waited for a locked row while working something out
held up every other call of the process at the same property, and with it whoever had the row.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801 - it stands where @property does
    """A property whose value stays in the object. For objects that one thread uses."""

    def __init__(self, work_out: Callable[[Any], Value]) -> None:
        self.work_out, self.__doc__ = work_out, work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Value:
        value: Value = self.work_out(instance)
        instance.__dict__[self.name] = value  # found before this descriptor from now on
        return value
