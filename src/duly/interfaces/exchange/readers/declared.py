"""Declarations of a person, taken key by key: every fault is told, not the first alone."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from typing import Any

from duly.kernel.quoting import quoted


class Declared:
    """What was told, taken key by key, with every fault collected."""

    def __init__(self, told: Any, of: str = "", faults: list[str] | None = None) -> None:
        self.faults: list[str] = [] if faults is None else faults
        self._of = f"{of}." if of else ""
        self._left: dict[str, Any] = {}
        if isinstance(told, Dictionary):
            self._left = {str(key): held for key, held in told.items()}
        else:
            self.faults.append("A mapping is a table of keys.")

    def take(self, key: str, default: Any = None) -> Any:
        """What was told under a key; it is then known."""
        return self._left.pop(key, default)

    def text(self, key: str) -> str:
        """A text."""
        return self._text(key, self.take(key) or "")

    def _text(self, key: str, held: Any) -> str:
        """A text, or a whole number as one."""
        if isinstance(held, str):
            return held
        if isinstance(held, int) and not isinstance(held, bool):
            return str(held)
        self.faults.append(f"{self._of}{key} is a text in quotation marks.")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of them; () when nothing was told."""
        return self._texts(key, self.take(key, []))

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A table that gives every name a text or a list of them."""
        return {name: self._texts(f"{key}.{name}", held) for name, held in self.table(key).items()}

    def words(self, key: str) -> dict[str, str]:
        """A table that gives every name a text."""
        return self._words(key, self.table(key))

    def tables_of_words(self, key: str) -> dict[str, dict[str, str]]:
        """A table that gives every name a table of texts."""
        return {
            name: self._words(f"{key}.{name}", held)
            for name, held in self.table(key).items()
            if self._is_table(f"{key}.{name}", held)
        }

    def _words(self, key: str, held: dict[str, Any]) -> dict[str, str]:
        return {str(name): self._text(f"{key}.{name}", text) for name, text in held.items()}

    def _texts(self, key: str, held: Any) -> tuple[str, ...]:
        """One text or a list of them."""
        if isinstance(held, str):
            return (held,) if held else ()
        if isinstance(held, Sequence) and all(isinstance(text, str) for text in held):
            return tuple(text for text in held if text)
        self.faults.append(f"{self._of}{key} is a text, or a list of texts.")
        return ()

    def word(self, key: str, allowed: tuple[str, ...], *, needed: bool = False) -> str:
        """A word of a list."""
        word = self.text(key)
        if (word or needed) and word not in allowed:
            shown = ", ".join(quoted(each) for each in allowed if each)
            self.faults.append(f"{self._of}{key} is one of {shown}.")
        return word

    def count(self, key: str) -> int:
        """A number of rows."""
        held = self.take(key) or 0
        if isinstance(held, int) and not isinstance(held, bool) and 0 <= held <= 1_000:
            return held
        self.faults.append(f"{self._of}{key} is a number of rows, 0 to 1000.")
        return 0

    def flag(self, key: str) -> bool:
        """Yes or no."""
        held = self.take(key, False)
        if not isinstance(held, bool):
            self.faults.append(f"{self._of}{key} is true or false.")
        return held is True

    def table(self, key: str) -> dict[str, Any]:
        """A table of keys."""
        held = self.take(key) or {}
        return held if self._is_table(key, held) else {}

    def _is_table(self, key: str, held: Any) -> bool:
        """Tell whether this is a table of keys; a fault if not."""
        if not isinstance(held, Dictionary):
            self.faults.append(f"{self._of}{key} is a table of its own.")
            return False
        return True

    def refuse_rest(self) -> None:
        """Make a fault of every key that nobody took."""
        if self._left:
            self.faults.append(
                f"Not known here: {', '.join(sorted(self._of + key for key in self._left))}."
            )
