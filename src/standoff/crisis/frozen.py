"""A mapping that keeps its order and cannot be changed."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Frozen(dict[Key, Value]):
    """A read-only dict: the mappings inside a crisis.

    Examples
    --------
    >>> Frozen(calm=0)["storm"] = 1
    Traceback (most recent call last):
        ...
    TypeError: a crisis is immutable; use one of its views
    """

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a crisis is immutable; use one of its views")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Frozen[Any, Any]], tuple[dict[Key, Value]]]:
        return type(self), (dict(self),)

    def __copy__(self) -> Frozen[Key, Value]:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Frozen[Key, Value]:
        return self
