"""A run of statements: single files, or one file for post, over processes; killed, it goes on.

Each file is written whole and named in the run's log beside it, with the digest of what it says.
Run again, a statement that would say the same is not drawn again.
"""

import hashlib
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pikepdf

from duly.interfaces.exchange.writers.statements.letter import Letter
from duly.interfaces.exchange.writers.statements.page import document_data, page_data
from duly.interfaces.exchange.writers.statements.typesetting import Typeset, typeset
from duly.interfaces.exchange.writers.tables import replacing

LOG = "statements.jsonl"
_AT_ONCE = 25  # statements a task; also those that one compile of a combined file draws


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one statement, or of one part of a combined file."""

    file: str
    customers: tuple[str, ...]
    says: str  # digest of what is printed, and of how
    sha256: str
    bytes: int
    unprinted: dict[str, str]  # {customer: text that no font has}
    is_kept: bool = False  # it was there already and says the same
    unwritten: dict[str, str] = field(default_factory=dict)  # {customer: why it can't be drawn}


Known = Mapping[str, Done]
T = TypeVar("T")
Act = Callable[[list[Letter], Path, Known], T]


def write_single(letters: Iterable[Letter], folder: Path, *, processes: int) -> Iterator[Done]:
    """Write each statement as a file of its own, in the order given."""
    folder.mkdir(parents=True, exist_ok=True)
    known = _known(folder / LOG)
    yield from _logged(
        folder / LOG,
        (done for some in _over(processes, _single, letters, folder, known) for done in some),
    )


def write_combined(letters: Iterable[Letter], file: Path, *, processes: int) -> Iterator[Done]:
    """Write all statements one after the other as one PDF for post, each from a page of its own.

    Parts are kept beside the file until it is whole, so that a killed run goes on from there. A
    statement that can't be drawn is left out and told.
    """
    parts = _parts_of(file)
    parts.mkdir(parents=True, exist_ok=True)
    known = _known(parts / LOG)
    made = []
    for done in _logged(parts / LOG, _over(processes, _part, letters, parts, known)):
        if done.customers:
            made.append(parts / done.file)
        yield done
    with replacing(file) as new:
        _join(made, new)
    for path in [*parts.glob("*.pdf"), parts / LOG]:
        path.unlink(missing_ok=True)
    parts.rmdir()


def drawn_so_far(file: Path) -> int:
    """How many statements of a combined run that has not ended lie ready."""
    log = _parts_of(file) / LOG
    return sum(len(done.customers) for done in _known(log).values())


def _parts_of(file: Path) -> Path:
    return file.with_name(f".{file.name}.parts")


def _join(parts: Sequence[Path], file: Path) -> None:
    with pikepdf.Pdf.new() as whole:
        for path in parts:
            with pikepdf.open(path) as part:
                whole.pages.extend(part.pages)
        whole.save(file, deterministic_id=True, min_version="1.7")


def _over(
    processes: int, act: Act[T], letters: Iterable[Letter], folder: Path, known: Known
) -> Iterator[T]:
    """`act` on some letters at a time, in order; a few tasks ahead of what is taken."""
    source = iter(letters)
    tasks = iter(lambda: list(islice(source, _AT_ONCE)), [])
    begun = list(islice(tasks, 2))
    if processes < 2 or len(begun) < 2:
        for some in chain(begun, tasks):
            yield act(some, folder, known)
        return
    # A new interpreter each: a forked one would share the database's connection.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[T]] = deque()
        for some in chain(begun, tasks):
            waiting.append(pool.submit(act, some, folder, known))
            if len(waiting) > 3 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _single(letters: list[Letter], folder: Path, known: Known) -> list[Done]:
    return [_drawn([letter], folder / file_name(letter), known) for letter in letters]


def _part(letters: list[Letter], folder: Path, known: Known) -> Done:
    first, last = letters[0].debtor, letters[-1].debtor
    path = folder / f"{first.id}-{last.id}.pdf"
    try:
        return _drawn(letters, path, known)
    except Exception:  # a defect of ours in one statement stops no other
        bad = _undrawable(letters)
        if not bad:
            raise
    sound = [letter for letter in letters if letter.debtor.code not in bad]
    done = _drawn(sound, path, known) if sound else Done(path.name, (), "", "", 0, {})
    return replace(done, unwritten=bad)


def _undrawable(letters: list[Letter]) -> dict[str, str]:
    """{customer: why its statement can't be drawn}, each looked at by itself."""
    found = {}
    for letter in letters:
        try:
            typeset(document_data([page_data(letter)], letter))
        except Exception as error:
            found[letter.debtor.code] = f"{type(error).__name__}: {error}"
    return found


def _drawn(letters: list[Letter], path: Path, known: Known) -> Done:
    data = document_data([page_data(letter) for letter in letters], letters[0])
    says = _digest(data)
    before = known.get(path.name)
    if before and before.says == says and _is_whole(path, before):
        return Done(**{**asdict(before), "customers": tuple(before.customers), "is_kept": True})
    drawn = typeset(data)
    write_pdf(path, drawn)
    unprinted = _unprinted(letters) if drawn.unprinted else {}
    return Done(
        file=path.name,
        customers=tuple(letter.debtor.code for letter in letters),
        says=says,
        sha256=hashlib.sha256(drawn.pdf).hexdigest(),
        bytes=len(drawn.pdf),
        unprinted=unprinted,
    )


def _unprinted(letters: list[Letter]) -> dict[str, str]:
    """{customer: text without glyphs}, each statement looked at by itself."""
    found = {
        letter.debtor.code: typeset(document_data([page_data(letter)], letter)).unprinted
        for letter in letters
    }
    return {code: text for code, text in found.items() if text}


def write_pdf(path: Path, drawn: Typeset) -> None:
    """Write a statement's bytes whole, or leave what was there."""
    with replacing(path) as new:
        new.write_bytes(drawn.pdf)


def file_name(letter: Letter) -> str:
    """A file name that tells customer and day; ids that differ only in signs stay apart."""
    code = letter.debtor.code
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", code)[:80]
    apart = "" if plain == code else f"-{letter.debtor.id}"
    return f"{plain}{apart}-{letter.statement.on.isoformat()}.pdf"


def _digest(data: object) -> str:
    said = hashlib.sha256(_templates())
    said.update(json.dumps(data, ensure_ascii=False).encode())
    return said.hexdigest()


@cache
def _templates() -> bytes:
    return b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.typ")))


def _is_whole(path: Path, done: Done) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == done.sha256


def _known(log: Path) -> dict[str, Done]:
    """{file: what the log says of it}; a line that was cut short by a kill counts for nothing."""
    found: dict[str, Done] = {}
    if log.exists():
        for line in log.read_text("utf-8").splitlines():
            try:
                done = Done(**json.loads(line))
            except (ValueError, TypeError):
                continue
            found[done.file] = done
    return found


def _logged(log: Path, all_done: Iterable[Done]) -> Iterator[Done]:
    is_cut = log.exists() and not log.read_bytes().endswith(b"\n")
    with log.open("a", encoding="utf-8") as file:
        if is_cut:  # by a kill: what follows gets a line of its own
            file.write("\n")
        for done in all_done:
            if not done.is_kept:
                file.write(json.dumps(asdict(done), ensure_ascii=False) + "\n")
                file.flush()
            yield done


def processors() -> int:
    """How many processes this machine can keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
