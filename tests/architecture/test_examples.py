"""Examples in docstrings run, wherever they stand."""

import doctest
import importlib

import pytest
from tests.architecture.sources import modules

SHOWN = [module for module in modules() if ">>> " in module.text]


@pytest.mark.parametrize("path", [module.path for module in SHOWN])
def test_examples_run(path: str) -> None:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    results = doctest.testmod(importlib.import_module(f"duly.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
