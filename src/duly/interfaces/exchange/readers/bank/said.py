"""What a person says of bank files that tell too little: account, currency, layout of a CSV.

Rule: what a file tells itself counts; what was said only fills what is empty. Amounts of a file
without currency are read with two decimals; in a currency with others they are turned exactly, or
told as a problem.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from duly.cash_application.rules.statements import (
    Balance,
    Closed,
    Detail,
    Entry,
    Event,
    Opened,
    decimals_of,
)
from duly.interfaces.exchange.readers.bank.csv_layouts import Layout, layouts_from, own_layouts
from duly.interfaces.exchange.readers.bank.decoding import doubtful, unreadable
from duly.interfaces.exchange.readers.refusals import MappingUnfit
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Missing
from duly.kernel.quoting import quoted

_UNTOLD = decimals_of("")


def layout_names() -> list[str]:
    """The layouts that come with Duly, by their names."""
    return sorted({one.name for one in own_layouts()})


class LayoutMissing(Missing):
    """No layout of a bank's CSV has this name."""

    code = "LAYOUT_MISSING"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said; "" for nothing. `layout`: a name of Duly's, or the path of a TOML file.

    Refuses: MappingUnfit for a currency that is none; `layouts`: LayoutMissing.
    """

    account: str = ""
    currency: str = ""
    layout: str = ""

    def __post_init__(self) -> None:
        if self.currency and self.currency not in EXPONENTS:
            raise MappingUnfit(
                f"{quoted(self.currency)} is no currency of ISO 4217.",
                facts={"currency": self.currency},
                remedy="Give its three letters, such as EUR.",
            )

    @property
    def layouts(self) -> tuple[Layout, ...] | None:
        """The layouts to read a CSV by; None for those that come with Duly."""
        if not self.layout:
            return None
        path = Path(self.layout)
        if path.suffix == ".toml":
            try:
                return layouts_from(path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError):
                raise _missing(f"There is no file of layouts {self.layout}.") from None
        found = tuple(one for one in own_layouts() if one.name == self.layout)
        if not found:
            raise _missing(f"There is no layout {quoted(self.layout)}.")
        return found

    def fill(self, events: Iterable[Event]) -> Iterator[Event]:
        """What a file says, with what was said where it is silent."""
        is_silent = False
        for event in events:
            if isinstance(event, Opened):
                is_silent = not event.currency and bool(self.currency)
                yield from self._opened(event, is_silent)
            elif isinstance(event, Entry) and is_silent and not event.currency:
                yield self._entry(event)
            elif isinstance(event, Closed) and is_silent:
                yield event._replace(closing=self._balance(event.closing))
            else:
                yield event

    def _opened(self, head: Opened, is_silent: bool) -> Iterator[Event]:
        yield head._replace(
            account=head.account or self.account,
            currency=head.currency or self.currency,
            opening=self._balance(head.opening) if is_silent else head.opening,
        )
        for what, told, said in (
            ("account", head.account, self.account),
            ("currency", head.currency, self.currency),
        ):
            if said and told not in ("", said):
                message = (
                    f"The file names the {what} {quoted(told)}: that counts, not what was said."
                )
                yield doubtful(head.place, message, "Look whether it is the file that was meant.")

    def _entry(self, entry: Entry) -> Event:
        minor = self._minor(entry.minor)
        details = [self._detail(one) for one in entry.details]
        if minor is None or None in details:
            return unreadable(entry.place, f"its amount has more decimals than {self.currency} has")
        return entry._replace(
            minor=minor,
            currency=self.currency,
            charges_minor=self._minor(entry.charges_minor) or 0,
            details=tuple(one for one in details if one is not None),
        )

    def _detail(self, detail: Detail) -> Detail | None:
        if detail.minor is None:
            return detail
        minor = self._minor(detail.minor)
        return None if minor is None else detail._replace(minor=minor)

    def _balance(self, balance: Balance | None) -> Balance | None:
        minor = None if balance is None else self._minor(balance.minor)
        return None if balance is None or minor is None else Balance(balance.on, minor)

    def _minor(self, hundredths: int) -> int | None:
        """An amount in the currency said; None where it has not so many decimals."""
        missing = decimals_of(self.currency) - _UNTOLD
        if missing >= 0:
            return hundredths * 10**missing
        whole, rest = divmod(hundredths, 10**-missing)
        return None if rest else int(whole)


NOTHING_SAID = Said()


def _missing(message: str) -> LayoutMissing:
    return LayoutMissing(
        message,
        facts={"layouts": layout_names()},
        remedy="Name one of Duly's, or a TOML file with layouts of your own (docs/importing.md).",
    )
