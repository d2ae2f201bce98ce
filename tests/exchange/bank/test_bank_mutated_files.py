"""T15: 5,000 bank files changed by bytes and by structure: no crash, no hang, no half import.

Changed are the files labelled by hand, and the small ones of the public: what a reader does with a
field does not depend on how many there are.
"""

import time
from pathlib import Path

import pytest
from tests.conftest import IS_QUICK
from tests.exchange.bank.test_bank_golden_files import GOLDEN, LABELS
from tests.exchange.bank_files import assert_well_formed, corpus
from tests.exchange.bank_mutations import mutated

from building import Books, broken, row_count
from duly.cash_application.models import BankLine
from duly.interfaces.exchange.importing import Wanted, import_files
from duly.interfaces.exchange.readers.bank import open_bank_files
from duly.interfaces.exchange.readers.refusals import FileRefused
from duly.kernel.errors import Refusal

MOST_BYTES = 20_000
FILES = [
    *(GOLDEN / label["name"] for label in LABELS),
    *(path for path in corpus("") if path.stat().st_size < MOST_BYTES and path.suffix != ".json"),
]
ROUNDS = range(10)
READ = 500 if IS_QUICK else 5_000
IMPORTED = 60 if IS_QUICK else 400
LONGEST_S = 5.0


@pytest.mark.parametrize("round", ROUNDS)
def test_whatever_becomes_of_a_file_it_is_read_or_told(round: int, tmp_path: Path) -> None:
    path = tmp_path / "file"
    read = 0
    for seed in range(round, READ, len(ROUNDS)):
        source = FILES[seed % len(FILES)]
        path.write_bytes(mutated(source.read_bytes(), seed))
        begun = time.process_time()
        try:
            for file in open_bank_files(path, "file"):
                assert_well_formed(list(file.events()))
                read += 1
        except FileRefused:
            pass
        except Exception as error:
            raise AssertionError(f"{source} with seed {seed}") from error
        assert time.process_time() - begun < LONGEST_S, (source, seed)
    assert read > READ / len(ROUNDS) / 2


@pytest.mark.django_db
def test_a_changed_file_is_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    books = Books()
    taken = 0
    for seed in range(IMPORTED):
        path = tmp_path / "file"
        path.write_bytes(mutated((GOLDEN / LABELS[seed % len(LABELS)]["name"]).read_bytes(), seed))
        before, lines = row_count(), BankLine.objects.count()
        try:
            wanted = Wanted(kind="bank", entity=books.entity.name)
            (told,) = import_files([path], wanted=wanted, actor="t", at=books.moment())["batches"]
        except Refusal:
            assert row_count() == before, seed
        else:
            assert told["new"] + told["same"] == told["rows"], seed
            assert BankLine.objects.count() - lines == told["new"], seed
            taken += told["new"] > 0
    assert taken > 5
    assert broken() == {}
