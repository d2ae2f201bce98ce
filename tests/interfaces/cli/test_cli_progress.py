"""A bar for people who wait, on their terminal alone."""

import io
from itertools import count

import pytest

from duly.interfaces.cli.progress import bar
from shell import attempt, write


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def ticking(seconds: int) -> object:
    """A clock that moves on by so many seconds at every look."""
    return (tick * seconds * 1_000_000_000 for tick in count()).__next__


def test_what_takes_long_shows_its_rows() -> None:
    terminal = Terminal()
    with bar("Importing", terminal, ticking(3)) as told:  # type: ignore[arg-type]
        told(10_000)
        told(20_000)
    assert "Importing" in terminal.getvalue()
    assert "20,000 rows" in terminal.getvalue()


def test_what_is_quick_shows_nothing() -> None:
    terminal = Terminal()
    with bar("Importing", terminal, ticking(0)) as told:  # type: ignore[arg-type]
        told(10_000)
    assert terminal.getvalue() == ""


def test_what_is_no_terminal_sees_nothing() -> None:
    file = io.StringIO()
    with bar("Importing", file, ticking(3)) as told:  # type: ignore[arg-type]
        told(10_000)
    assert file.getvalue() == ""


def test_a_bar_is_gone_after_a_refusal() -> None:
    terminal = Terminal()

    def refuse() -> None:
        with bar("Importing", terminal, ticking(3)) as told:  # type: ignore[arg-type]
            told(1)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        refuse()
    assert terminal.getvalue().endswith("\x1b[2K")


@pytest.mark.django_db
def test_two_files_of_one_name_keep_their_own_digests(tmp_path) -> None:
    from duly.intake.queries import imports

    for folder, code in (("a", "A"), ("b", "B")):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, "people.csv", f"customer_id,name\n{code},Ann")
    paths = [tmp_path / folder / "people.csv" for folder in "ab"]
    assert attempt("import", *paths)[0] == 0
    assert len({one.sha256 for one in imports()}) == 2
