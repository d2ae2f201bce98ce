"""The `duly` command: one module a context, one place for exit codes and refusals."""

from duly.interfaces.cli.main import main

__all__ = ["main"]
