"""docs/coverage.md tells the truth: nothing asked for is left out, and what it names exists."""

import ast
import re
from functools import cache

import pytest
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "coverage.md").read_text()
PARTS = [str(number) for number in range(1, 9)]
SPEED = [f"speed {number}" for number in range(1, 5)]
BAD = [f"bad {number}" for number in range(1, 6)]
PROOFS = [f"proof {number}" for number in range(1, 6)]
PAINS = re.findall(r"\w+", "D4 E1 E2 E3 E4 H1 H2 H3 I1 I2 I3 I4 I7 I8 I9 K1 K2 L1 L2")
DESK = [
    *(f"desk {part}" for part in ("2", "3", "4", "5", "6", "7", "speed", "bad", "world")),
    *("K-01", "M-15", "M-16", "M-17", "T11", "T12", "T13"),
    *(f"A{number}" for number in range(1, 28) if number != 3),  # A3: upgrades, before a first one
]
PLANS = ["plans", "K-02", "K-03"]
DESK += [f"desk 1 {part}" for part in ("statements", "print", "paying", "runs", "lists")]
DESK += ["desk speed 3", *re.findall(r"\w+", "F1 F2 F4 F5 J6 M1 M2")]
CASH = ["cash 1", "cash 2", "I5", "I6", *(f"C{number}" for number in range(1, 17))]
CASH += re.findall(r"\w+", "D1 D2 D3 D5 L3 L4")
STATEMENTS = ["credit 3", *(f"C-0{number}" for number in range(1, 8))]
ACCEPTANCE = ("books.py", "desk.py", "cash.py")  # scripts that .ci/run runs
ASKED = [*PARTS, *SPEED, *BAD, *PROOFS, "M-10", "terms", *PAINS, *DESK, *CASH, *STATEMENTS, *PLANS]


def rows() -> list[list[str]]:
    """The cells of each row, without heads and rules."""
    found = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    return [cells for cells in found if cells[0] in ASKED]


@cache
def names_in(path: str) -> set[str]:
    """Test functions and classes of a file, with those of its classes as Class::test."""
    tree = ast.parse((ROOT / path).read_text())
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
            found |= {
                f"{node.name}::{inner.name}"
                for inner in ast.iter_child_nodes(node)
                if isinstance(inner, ast.FunctionDef)
            }
        elif isinstance(node, ast.Assign):  # TestBooks = BooksMachine.TestCase
            found |= {ast.unparse(target) for target in node.targets}
    return {name for name in found if name.lower().startswith("test")}


def is_there(named: str) -> bool:
    """Tell whether a path, or a test named path::name, exists."""
    if named in ACCEPTANCE:
        return f"accept/{named}" in (ROOT / ".ci" / "run").read_text().replace("$accept", "accept")
    path, _, test = named.partition("::")
    return (ROOT / path).exists() and (not test or test in names_in(path))


@pytest.mark.parametrize("asked", ASKED)
def test_what_was_asked_for_has_a_row_with_code_and_proof(asked: str) -> None:
    found = [cells for cells in rows() if cells[0] == asked]
    assert found
    for cells in found:
        code, shown = (re.findall(r"`([^`]+)`", cell) for cell in cells[2:4])
        assert code, f"no code: {cells}"
        assert shown, f"nothing shows it: {cells}"
        assert [named for named in code + shown if not is_there(named)] == []
        assert all("::" in one or one.startswith((*ACCEPTANCE, "bench/")) for one in shown)


def test_a_test_that_is_not_there_is_noticed() -> None:
    assert is_there("tests/architecture/test_coverage.py::test_a_test_that_is_not_there_is_noticed")
    assert not is_there("tests/architecture/test_coverage.py::test_nothing")
    assert not is_there("tests/nowhere.py::test_nothing")
    assert not is_there("src/duly/nowhere.py")
