"""A bar for whoever waits at a terminal; scripts see nothing of it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

SECONDS = 2  # what ends sooner needs no bar


@contextmanager
def bar(
    doing: str, to: TextIO | None = None, clock: Callable[[], int] = time.monotonic_ns
) -> Iterator[Callable[[int], None]]:
    """Yield what is told the number of rows so far; a bar shows them from two seconds on.

    It stands on standard error, and only where that is a terminal.
    """
    file = to or sys.stderr
    if not file.isatty():
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    progress = Progress(
        TextColumn(doing),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
        console=Console(file=file),
        transient=True,
    )
    task = progress.add_task(doing, total=None)
    begun = clock()

    def told(rows: int) -> None:
        progress.update(task, completed=rows)
        if not progress.live.is_started and clock() - begun > SECONDS * 1_000_000_000:
            progress.start()

    try:
        yield told
    finally:
        progress.stop()
