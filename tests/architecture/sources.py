"""The project's own source, as its architecture tests read it: parsed once, named by module."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "duly"

# From the lowest to the highest: the order of pyproject.toml's contract "layers".
LAYERS = (
    "kernel",
    "storage",
    "access",
    "parties",
    "ledger",
    "receivables",
    "disputes",
    "cash_application",
    "credit",
    "collections",
    "intake",
    "world",
    "interfaces",
)
CONTEXTS = (
    "access",
    "parties",
    "ledger",
    "receivables",
    "disputes",
    "cash_application",
    "credit",
    "collections",
    "intake",
)


@dataclass(frozen=True)
class Module:
    """One file of src/duly."""

    path: str  # from src/duly: "ledger/rules/entries.py"
    text: str

    @property
    def layer(self) -> str:
        return self.path.split("/")[0].removesuffix(".py")

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of Duly but its migrations, which Django wrote."""
    return tuple(
        Module(path.relative_to(PACKAGE).as_posix(), path.read_text())
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    )


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(call: ast.Call) -> str:
    """The last part of what is called: `save` of `row.save()`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
