"""Keeps the projections of receivables in step with what a batch writes."""

from collections import defaultdict

from duly.receivables.models import NOT_AGED, CustomerBalance, OpenDay
from duly.storage.projections import add_up


class Sums:
    """Gathers what a batch changes, and adds it to the projections when the batch closes."""

    def __init__(self, entity_id: int) -> None:
        self.entity_id = entity_id
        self._owed: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._credits: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._unapplied: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._days: defaultdict[tuple[str, str, str], int] = defaultdict(int)

    def item(
        self, customer_id: int, currency: str, due_on: str, issued_on: str, amount_minor: int
    ) -> None:
        """An open invoice or debit note changes by an amount."""
        self._owed[customer_id, currency] += amount_minor
        self._days[currency, "due", due_on] += amount_minor
        self._days[currency, "invoice", issued_on] += amount_minor

    def credit(self, customer_id: int, currency: str, issued_on: str, amount_minor: int) -> None:
        """An open credit note changes by an amount (negative: more credit)."""
        self._credits[customer_id, currency] += amount_minor
        self._days[currency, "credit", issued_on] += amount_minor

    def cash(
        self, customer_id: int | None, currency: str, received_on: str, amount_minor: int
    ) -> None:
        """Money not applied changes by an amount (positive: more money)."""
        self._unapplied[customer_id or 0, currency] += amount_minor
        self._days[currency, "unapplied", received_on] += amount_minor

    def flush(self) -> None:
        """Add the sums up: see ledger.actions.Recorder.gather."""
        keys = self._owed.keys() | self._credits.keys() | self._unapplied.keys()
        add_up(
            CustomerBalance,
            ("entity_id", "customer_id", "currency"),
            ("owed_minor", "credits_minor", "unapplied_minor"),
            {
                (self.entity_id, *key): (
                    self._owed.get(key, 0),
                    self._credits.get(key, 0),
                    self._unapplied.get(key, 0),
                )
                for key in keys
            },
            resetting={"aged_until": NOT_AGED.isoformat()},
        )
        add_up(
            OpenDay,
            ("entity_id", "currency", "side", "on"),
            ("amount_minor",),
            {(self.entity_id, *key): (amount,) for key, amount in self._days.items()},
        )
