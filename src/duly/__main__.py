"""`python -m duly`: the command line."""

from duly.interfaces.cli import main

main()
