"""Money is whole minor units, and no clock is read below the interfaces."""

import ast
from collections.abc import Iterator

import pytest
from tests.architecture.sources import Module, modules, name_of

MONEY_WORDS = ("minor", "amount", "money", "residual")
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime", "time", "time_ns"}
CLOCK_OWNERS = {"date", "datetime", "timezone", "time"}


def floats_in(module: Module) -> Iterator[tuple[int, str]]:
    """Binary fractions: anywhere below the interfaces, near money above.

    The simulated world draws its amounts from distributions: it stands for people, not for books.
    """
    is_below = module.layer not in {"interfaces", "world", "__main__", "settings"}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"FloatField", "DecimalField"}:
            yield node.lineno, node.attr
        elif is_below and isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "float"
        elif is_below and isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, repr(node.value)
        elif (
            module.layer != "world"
            and _divides_money(node)
            or module.layer == "interfaces"
            and _is_float_of_money(node)
        ):
            yield node.lineno, ast.unparse(node)


def _divides_money(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and any(word in ast.unparse(node) for word in MONEY_WORDS)
    )


def _is_float_of_money(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and name_of(node) == "float"
        and any(word in ast.unparse(node) for word in MONEY_WORDS)
    )


def clocks_in(module: Module) -> Iterator[tuple[int, str]]:
    """Every reading of a clock."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).split(".")[-1]
            if node.func.attr in CLOCKS and owner in CLOCK_OWNERS:
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield node.lineno, "from time import"
        elif isinstance(node, ast.Attribute) and node.attr in {"auto_now", "auto_now_add"}:
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node.value.lineno, node.arg


def test_no_float_near_money() -> None:
    found = [f"{m.path}:{line} {what}" for m in modules() for line, what in floats_in(m)]
    assert found == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("ledger/rules/entries.py", "half = 0.5"),
        ("ledger/rules/entries.py", "def share(of: float) -> None: ..."),
        ("ledger/models.py", "amount = models.FloatField()"),
        ("interfaces/web/chart.py", "width = item.amount_minor / 3"),
        ("interfaces/web/chart.py", "width = float(total.amount)"),
    ],
)
def test_a_planted_float_is_found(path: str, line: str) -> None:
    assert list(floats_in(Module(path, line)))


def test_no_clock_below_the_interfaces() -> None:
    found = [
        f"{module.path}:{line} {what}"
        for module in modules()
        if module.layer != "interfaces"
        for line, what in clocks_in(module)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "on = date.today()",
        "at = datetime.datetime.now(UTC)",
        "at = timezone.now()",
        "at = time.time()",
        "from time import time",
        "at = models.DateTimeField(auto_now_add=True)",
    ],
)
def test_a_planted_clock_is_found(line: str) -> None:
    assert list(clocks_in(Module("receivables/actions/issuing.py", line)))
