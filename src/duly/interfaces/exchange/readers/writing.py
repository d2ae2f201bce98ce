"""How a table is written down: encoding, delimiter, what stands before and after its rows."""

import codecs
from dataclasses import dataclass

from duly.kernel.quoting import quoted

# Encodings of bytes to text that exports have; Python knows others that are none of a file.
_FAMILIES = ("utf-8", "utf-16", "utf-32", "cp", "iso8859", "mac-roman", "shift_jis", "euc_", "gb")
_OTHERS = ("big5", "koi8-r", "koi8-u", "ascii", "hz")


@dataclass(frozen=True, slots=True)
class Writing:
    """What was declared of a file; None and '' where it is to be recognised.

    `skip_rows` rows stand before the header; the table ends before the first row that begins with
    one of `footer`, or at the first blank row when it `stops_at_blank`.
    """

    encoding: str | None = None
    delimiter: str | None = None
    skip_rows: int = 0
    footer: tuple[str, ...] = ()
    stops_at_blank: bool = False

    def ends_at(self, cells: list[str]) -> bool:
        """Tell whether a row is the first that is no longer of the table."""
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        if not first:
            return self.stops_at_blank
        return first.casefold().startswith(tuple(word.casefold() for word in self.footer))


def encoding_named(told: str, faults: list[str]) -> str | None:
    """The encoding of a name, or None and a fault; None without a fault when nothing was told.

    >>> encoding_named("latin1", []), encoding_named("Windows-1252", [])
    ('iso8859-1', 'cp1252')
    """
    if not told:
        return None
    try:
        name = codecs.lookup(told).name
    except (LookupError, ValueError):
        name = ""
    if not name.startswith(_FAMILIES) and name not in _OTHERS:
        faults.append(f"encoding {quoted(told)} is not known; try utf-8 or windows-1252.")
        return None
    return name
