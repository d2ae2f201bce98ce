"""import-linter's contracts hold, and each names the breach that is planted to prove it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.architecture.sources import CONTEXTS, LAYERS, PACKAGE, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

# contract -> (file, line added to it, what the contract must say)
BREACHES = {
    "layers": [
        (
            "ledger/queries/balances.py",
            "import duly.receivables.models",
            "duly.ledger.queries.balances -> duly.receivables.models",
        ),
        ("parties/rules/search.py", "import duly.interfaces.cli", "duly.interfaces"),
        ("sundries/__init__.py", "", "duly.sundries"),
    ],
    "anatomy": [
        ("parties/models.py", "import duly.parties.queries", "duly.parties.queries"),
        ("receivables/events.py", "import duly.receivables.models", "duly.receivables.models"),
        ("ledger/services.py", "", "services"),
    ],
    "pure": [
        ("kernel/money.py", "import django.db", "duly.kernel.money -> django"),
        ("receivables/rules/aging.py", "import django.db", "duly.receivables.rules.aging"),
        ("intake/policy.py", "import duly.intake.models", "duly.intake.policy"),
    ],
    "ledger-records": [
        (
            "receivables/queries/aging.py",
            "import duly.ledger.models",
            "duly.receivables.queries.aging -> duly.ledger.models",
        ),
        ("interfaces/jobs/proving.py", "from duly.ledger import models", "duly.ledger.models"),
    ],
    "world-apart": [
        ("world/names.py", "import duly.parties.models", "duly.parties"),
        ("world/names.py", "import django.conf", "django"),
    ],
    "formats-outside": [
        ("intake/actions/items.py", "import openpyxl", "openpyxl"),
        ("kernel/dates.py", "import rich.table", "rich"),
    ],
}


def lint(source: Path, contract: str) -> tuple[bool, str]:
    """Check one contract on a copy of the tree; return whether it holds, and what was said."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            str(ROOT / "pyproject.toml"),
            "--no-cache",
            "--contract",
            contract,
        ],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, to do harm to."""
    only_python = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree(PACKAGE, tmp_path / "duly", ignore=only_python)
    return tmp_path


@pytest.mark.parametrize("contract", [one["id"] for one in CONTRACTS])
def test_a_contract_holds(contract: str, copy: Path) -> None:
    holds, told = lint(copy, contract)
    assert holds, told


@pytest.mark.parametrize(
    ("contract", "file", "line", "told"),
    [(contract, *breach) for contract, breaches in BREACHES.items() for breach in breaches],
)
def test_a_planted_breach_is_named(
    contract: str, file: str, line: str, told: str, copy: Path
) -> None:
    path = copy / "duly" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    holds, said = lint(copy, contract)
    assert not holds
    assert told in said


def test_every_contract_has_a_breach() -> None:
    assert {one["id"] for one in CONTRACTS} == set(BREACHES)


def test_the_layers_are_those_of_these_tests() -> None:
    by_id = {one["id"]: one for one in CONTRACTS}
    assert tuple(reversed(by_id["layers"]["layers"])) == LAYERS
    assert by_id["anatomy"]["containers"] == [f"duly.{context}" for context in CONTEXTS]
