"""A refusal stands in the code because something says it."""

import ast
from collections.abc import Iterable

from tests.architecture.sources import Module, modules


def unsaid(sources: Iterable[Module]) -> set[str]:
    """Classes with a code that no one else is built on, and of which nothing makes one."""
    coded, built_on, made = set(), set(), set()
    for module in sources:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                built_on |= {ast.unparse(base).split(".")[-1] for base in node.bases}
                if any(ast.unparse(line).startswith("code = ") for line in node.body):
                    coded.add(node.name)
            elif isinstance(node, ast.Call):
                made.add(ast.unparse(node.func).split(".")[-1])
    return coded - built_on - made


def test_every_refusal_is_said_somewhere() -> None:
    assert unsaid(modules()) == set()


def test_one_that_nothing_says_is_found() -> None:
    told = 'class Late(Conflict):\n    code = "LATE"\n'
    assert unsaid([Module("ledger/errors.py", told)]) == {"Late"}
    raised = Module("ledger/actions.py", 'raise errors.Late("It is late.")')
    assert unsaid([Module("ledger/errors.py", told), raised]) == set()
    family = Module("parties/errors.py", 'class TooLate(Late):\n    code = "TOO_LATE"\nTooLate()')
    assert unsaid([Module("ledger/errors.py", told), family]) == set()
