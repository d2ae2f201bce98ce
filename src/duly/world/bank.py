"""The seller's banks: what is booked on each account, day by day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from duly.kernel.currencies import exponent
from duly.world import behaviour
from duly.world.accounts import OwnAccount
from duly.world.company import PARITIES
from duly.world.dice import Dice, dice
from duly.world.records import BankLine, Payment

RETURN_REASONS = (("AM04", 60), ("MS03", 20), ("AC04", 10), ("MD01", 10))
RETURN_FEE = 3.5
ACCOUNT_FEE = 12.9
LINE_FEE = 0.08
BILLED_TWICE = 0.06  # of monthly fees, and put right two days later
SWEEP_ABOVE = 1  # times the opening balance, beyond it


@dataclass(slots=True)
class _Account:
    """An account at work."""

    own: OwnAccount
    stream: Dice
    balance_minor: int
    lines_of_month: int = 0
    to_reverse: BankLine | None = None
    reverse_on: date = date.min


class Bank:
    """Books lines, and gives each a reference that no other has."""

    def __init__(self, accounts: Sequence[OwnAccount], seed: int) -> None:
        self._accounts = {
            own.name: _Account(own, dice(seed, "bank", own.name), own.opening_minor)
            for own in accounts
        }
        self._numbers: Counter[tuple[str, date]] = Counter()

    def receive(self, payments: Sequence[Payment], on: date) -> list[BankLine]:
        """Transfers that arrived, one line each."""
        found = []
        for payment in payments:
            named = replace(payment, bank_reference=self._reference(payment.account, on))
            found.append(self._book(named.account, on, named.amount_minor, "transfer", (named,)))
        return found

    def collect(self, payments: Sequence[Payment], on: date) -> list[BankLine]:
        """Direct debits that were handed in: all of one account are booked as one sum."""
        by_account: dict[str, list[Payment]] = {}
        for payment in payments:
            by_account.setdefault(payment.account, []).append(payment)
        found = []
        for account, batch in by_account.items():
            reference = self._reference(account, on)
            named = tuple(
                replace(payment, bank_reference=f"{reference}-{number:02d}")
                for number, payment in enumerate(batch, start=1)
            )
            total = sum(payment.amount_minor for payment in named)
            found.append(self._book(account, on, total, "direct_debit", named, reference=reference))
        return found

    def send_back(self, payment: Payment, reason: str, on: date) -> list[BankLine]:
        """A direct debit goes back, and the bank wants to be paid for it."""
        account = payment.account
        text = f"Retoure {payment.end_to_end}"
        fee = -self._fee(account, RETURN_FEE)
        return [
            self._book(account, on, -payment.amount_minor, "return", (payment,), text, reason),
            self._book(account, on, fee, "fee", text=f"Entgelt {text}"),
        ]

    def close_day(self, on: date) -> list[BankLine]:
        """The bank's own lines of a working day: fees at the end of a month, weekly sweeps."""
        found = []
        for account in self._accounts.values():
            name = account.own.name
            if account.to_reverse and account.reverse_on <= on:
                minor = -account.to_reverse.amount_minor
                found.append(self._book(name, on, minor, "reversal", text="Storno Entgelt"))
                account.to_reverse = None
            if behaviour.working_day_after(on, 1).month != on.month:
                found += self._bill(account, on)
            spare = account.balance_minor - account.own.opening_minor
            if on.weekday() == 4 and spare > SWEEP_ABOVE * account.own.opening_minor:
                whole = 1000 * 10 ** exponent(account.own.currency)
                text = "Kontoübertrag Liquiditätsausgleich"
                found.append(self._book(name, on, -(spare // whole * whole), "sweep", text=text))
        return found

    def _bill(self, account: _Account, on: date) -> list[BankLine]:
        name = account.own.name
        fee = -self._fee(name, ACCOUNT_FEE + LINE_FEE * account.lines_of_month)
        account.lines_of_month = 0
        bills = [self._book(name, on, fee, "fee", text="Kontoabrechnung")]
        if account.stream.random() < BILLED_TWICE:
            bills.append(self._book(name, on, fee, "fee", text="Kontoabrechnung"))
            account.to_reverse = bills[-1]
            account.reverse_on = behaviour.working_day_after(on, 2)
        return bills

    def _fee(self, account: str, euro: float) -> int:
        """A fee in minor units of the account's currency, in cents or whole units of it."""
        currency = self._accounts[account].own.currency
        return max(1, round(euro * PARITIES[currency] * 10 ** exponent(currency)))

    def _reference(self, account: str, on: date) -> str:
        self._numbers[account, on] += 1
        return f"{self._accounts[account].own.tag}{on:%y%m%d}{self._numbers[account, on]:04d}"

    def _book(
        self,
        name: str,
        on: date,
        minor: int,
        kind: str,
        payments: tuple[Payment, ...] = (),
        text: str = "",
        reason: str = "",
        reference: str = "",
    ) -> BankLine:
        account = self._accounts[name]
        account.balance_minor += minor
        account.lines_of_month += 1
        if kind == "transfer":
            reference = payments[0].bank_reference
        is_late = kind == "transfer" and account.stream.random() < 0.1
        value_on = on - timedelta(days=1) if is_late else on
        reference = reference or self._reference(name, on)
        return BankLine(name, on, value_on, minor, reference, kind, text, payments, reason)
