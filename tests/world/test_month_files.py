"""A month in each format that banks write: read by Duly's own readers, held against the truth."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from tests.exchange.bank_files import entries, heads, problems

from duly.interfaces.exchange.readers.bank import open_bank_files
from duly.kernel.currencies import exponent
from duly.world.months import TRUTH, write_month
from duly.world.records import History

Line = tuple[str, str, int]


@pytest.fixture(scope="module")
def month(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("month")
    assert len(write_month(history, folder)) == 4 * len(history.company.accounts)
    return folder


def truth(folder: Path) -> set[Line]:
    """(account, bank reference, minor units) of each line."""
    with (folder / TRUTH).open(encoding="utf-8") as file:
        return {
            (
                row["account"],
                row["bank_reference"],
                int(Decimal(row["line_amount"]).scaleb(exponent(row["currency"]))),
            )
            for row in csv.DictReader(file)
        }


@pytest.mark.parametrize("format", ["camt.053", "mt940", "bai2", "ofx"])
def test_what_is_read_is_what_is_true(month: Path, format: str) -> None:
    found: Counter[Line] = Counter()
    for path in sorted((month / format).iterdir()):
        (file,) = open_bank_files(path, path.name)
        assert file.format == format
        events = list(file.events())
        assert problems(events) == [], path.name
        accounts = {head.account for head in heads(events)}
        assert len(accounts) == 1
        found.update((*accounts, one.bank_reference, one.minor) for one in entries(events))
    assert found == Counter(truth(month))
    assert len(found) > 100


def test_the_parts_of_a_payment_make_it(month: Path) -> None:
    parts: Counter[str] = Counter()
    whole = {}
    with (month / TRUTH).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["payment"]:
                parts[row["payment"]] += int(Decimal(row["amount"]) * 1000)
                whole[row["payment"]] = int(Decimal(row["payment_amount"]) * 1000)
    assert parts == whole
