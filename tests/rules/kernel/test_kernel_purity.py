"""The kernel stands on nothing of ours, needs no Django, and its examples are true."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import duly.kernel

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(duly.kernel.__path__, "duly.kernel.")
)
SOURCE = Path(duly.kernel.__file__).parent.parent.parent


_IMPORT_ALL = f"""
import importlib, sys
sys.path.insert(0, {str(SOURCE)!r})
for name in {MODULES!r}:
    importlib.import_module(name)
"""


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_kernel_brings_no_django_and_nothing_else_of_duly():
    use = """
from datetime import date
from duly.kernel.calendar import is_business_day
from duly.kernel.terms import parse_terms
assert not is_business_day(date(2026, 1, 1), "US") and parse_terms("net30")
tops = {name.split(".")[0] for name in sys.modules}
above = {n for n in sys.modules if n.startswith("duly.") and not n.startswith("duly.kernel")}
print("django" in tops, sorted(above))
"""
    assert _run(_IMPORT_ALL + use) == "False []"


def test_the_holiday_package_is_loaded_on_first_use_only():
    assert _run(_IMPORT_ALL + "print('holidays' in sys.modules)") == "False"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_there_are_examples_to_run():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [
        test
        for name in MODULES
        for test in finder.find(importlib.import_module(name), name)
        if test.examples
    ]
    assert len(found) >= 30
