"""Every file of the public collections, whatever it is: taken, or refused with place and remedy.

Bank files, remittance advices, name lists and credit data are as good as any other file that
somebody drops by mistake.
"""

import gzip
import json
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from building import row_count
from duly.interfaces.exchange.importing import Wanted, import_files
from duly.kernel.errors import Defect, DulyError
from northwind import northwind
from shell import attempt

DATA = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()
AT = datetime(2026, 3, 2, tzinfo=UTC)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the public collections of ../shared/data are not here"
    ),
]

TAKEN = {"ar_history", "bank", "invoices"}  # folders of which files are taken


def files() -> list[Path]:
    """Every file."""
    return sorted(path for path in DATA.rglob("*") if path.is_file())


def outcome(path: Path, name: str) -> str:
    """ "taken", or the code of the refusal, which says where and what to do."""
    refusal: DulyError | None = None
    try:
        import_files(
            [path],
            wanted=Wanted(create_customers=True),
            actor="test",
            at=AT,
            is_dry_run=True,
            names=[name],
        )
    except DulyError as error:
        refusal = error
    if refusal is None:
        return "taken"
    assert not isinstance(refusal, Defect), (name, refusal)
    assert refusal.message, name
    assert refusal.remedy, name
    json.dumps(refusal.facts, allow_nan=False)
    problems = refusal.facts.get("problems", [])
    assert all(one["where"] and one["message"] and one["remedy"] for one in problems), name
    assert problems or refusal.code != "ROWS_REJECTED", name
    return refusal.code


def test_every_file_is_taken_or_refused_and_a_look_writes_nothing(tmp_path: Path) -> None:
    northwind()
    before = row_count()
    found: dict[str, Counter[str]] = {}
    for path in files():
        of_folder = found.setdefault(path.relative_to(DATA).parts[0], Counter())
        of_folder[outcome(path, path.name)] += 1
        if path.suffix == ".gz":
            unpacked = tmp_path / "unpacked"
            unpacked.write_bytes(gzip.decompress(path.read_bytes()))
            of_folder[outcome(unpacked, path.stem)] += 1
    assert row_count() == before
    assert {folder for folder, codes in found.items() if codes["taken"]} == TAKEN
    assert found["ar_history"]["taken"] == 2  # the two files of Xero
    assert found["invoices"]["taken"] >= 126
    # Of banks many are made up and do not add up; what is neither has a layout of its own.
    bank = found["bank"]
    assert bank["taken"] > 180
    assert bank["taken"] + bank["ROWS_REJECTED"] > 340
    assert bank["BANK_FILE"] == 0


DAMAGES = {
    "cut off": lambda raw, dice: raw[: dice.randrange(1, len(raw))],
    "bytes flipped": lambda raw, dice: bytes(
        dice.randrange(256) if dice.random() < 0.01 else byte for byte in raw
    ),
    "control characters": lambda raw, dice: raw[:40] + b"\x00\x07\x1b" + raw[40:],
    "another delimiter": lambda raw, dice: raw.replace(b",", b";"),
    "another encoding": lambda raw, dice: raw.decode("utf-8", "replace").encode("utf-16-le"),
    "a quotation mark": lambda raw, dice: raw[: len(raw) // 2] + b'"' + raw[len(raw) // 2 :],
    "twice": lambda raw, dice: raw + raw,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_as_such(tmp_path: Path, damage: str) -> None:
    northwind()
    dice = random.Random(damage)
    before = row_count()
    chosen = [path for path in files() if path.suffix != ".gz" and 3 < path.stat().st_size < 50_000]
    for path in dice.sample(chosen, 25):
        broken = tmp_path / "broken"
        broken.write_bytes(DAMAGES[damage](path.read_bytes(), dice))
        outcome(broken, path.name)
    assert row_count() == before


@pytest.mark.parametrize("kind", ["bank", "invoices", "remittance"])
def test_the_command_line_tells_the_same(kind: str) -> None:
    """Exit code 0 or 3 and one document, without a traceback, with and without a dry run."""
    northwind()
    of_kind = [path for path in files() if path.relative_to(DATA).parts[0] == kind]
    for path in random.Random(kind).sample(of_kind, 6):
        for more in (["--dry-run"], []):
            code, out, err = attempt("import", path, "--json", *more)
            assert code in (0, 3), (path, err)
            assert set(json.loads(out)) <= {"batches", "refusal"}
            assert "Traceback" not in err
