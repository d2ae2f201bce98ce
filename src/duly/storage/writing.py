"""A write is whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from duly.storage.failpoints import failpoint

_inside: ContextVar[bool] = ContextVar("inside a write", default=False)


@contextmanager
def whole() -> Iterator[None]:
    """One transaction around a write; a write inside another is part of it, without a savepoint.

    While a savepoint is open, SQLite keeps the former content of every page that each statement
    touches: four gigabytes for a million applications. Nothing here goes on after an error inside,
    so nothing needs one.
    """
    if _inside.get():
        with transaction.atomic(savepoint=False):
            yield
        return
    token = _inside.set(True)
    try:
        with transaction.atomic():
            yield
    finally:
        _inside.reset(token)
    failpoint("write.after_commit")
