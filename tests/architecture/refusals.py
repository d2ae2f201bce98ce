"""Every code that Duly tells, read from its source: of refusals, and of problems in files."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Module, modules

CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")
NO_CODE = ("DULY_", "DJANGO_", "HTTP_", "RAYON_")


def is_code(text: str) -> bool:
    """Tell whether a text looks like a code: words in capitals, joined."""
    return bool(CODE.fullmatch(text)) and not text.startswith(NO_CODE)


def codes_in(module: Module) -> Iterator[str]:
    """Every code that a module gives or tells."""
    exported = {
        id(constant)
        for node in module.tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        for constant in ast.walk(node)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and id(node) not in exported:
            if isinstance(node.value, str) and is_code(node.value):
                yield node.value
        elif isinstance(node, ast.ClassDef):
            for line in node.body:  # codes of one word: OUTAGE
                told = re.fullmatch(r"code = '([A-Z]+)'", ast.unparse(line))
                if told:
                    yield told[1]
        elif isinstance(node, ast.keyword) and node.arg == "code":  # and of problems: INCOMPLETE
            told = re.fullmatch(r"'([A-Z]+)'", ast.unparse(node.value))
            if told:
                yield told[1]


def codes_of_duly() -> set[str]:
    """All codes of all modules; settings have names in capitals that are none."""
    return {
        code
        for module in modules()
        if module.path != "settings.py" and module.layer != "world"
        for code in codes_in(module)
    }
