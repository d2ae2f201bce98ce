"""Take in stops: customers of whom no order goes, by a list, a letter or a court, with the day."""

from duly.credit.actions import StopDraft, stop_orders
from duly.credit.queries.holds import stops_told
from duly.credit.rules.order_check import STOPS
from duly.intake.actions.taking import Taking
from duly.intake.rules.reading import Reading
from duly.parties.queries import ids_by_code


class StopsTaker:
    """Checks rows of stops; sets those that are new.

    A stop that stands stays as it is. One that somebody lifted is not set again by the same word:
    it takes another day or another source.
    """

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._met: set[tuple[int, str]] = set()

    def take(self, reading: Reading) -> None:
        """Check one block and set what is new."""
        taking = self._taking
        codes = reading.names("customer_id")
        kinds = reading.choices("kind", STOPS, needed=True)
        days = reading.dates("since_on", needed=True)
        sources = reading.names("source", 200)
        reasons = reading.texts("reason", 250)
        known = ids_by_code(taking.entity.pk, codes)
        drafts: dict[int, StopDraft] = {}
        for index, (code, kind, day) in enumerate(zip(codes, kinds, days, strict=True)):
            if code and code not in known:
                reading.refuse(
                    index,
                    "CUSTOMER_UNKNOWN",
                    f"There is no customer {code}.",
                    "Import the customer first, or leave the row out.",
                    column="customer_id",
                )
            if day is not None and taking.today is not None and day > taking.today:
                reading.refuse(
                    index,
                    "STOP_IN_FUTURE",
                    f"{day} is not there yet: today is {taking.today}.",
                    "Write the day since which it is so.",
                    column="since_on",
                )
            if index in reading.bad or day is None:
                continue
            key = (known[code], kind)
            if key in self._met:
                reading.refuse(
                    index,
                    "STOP_REPEATED",
                    f"{code} stands twice in this file with the kind {kind}.",
                    "Keep one of the rows.",
                )
                continue
            self._met.add(key)
            reason = reasons[index] or sources[index]
            drafts[index] = StopDraft(*key, reason, day, sources[index])
        self._set(reading, drafts)

    def _set(self, reading: Reading, drafts: dict[int, StopDraft]) -> None:
        taking = self._taking
        told = stops_told(taking.entity.pk, {one.customer_id for one in drafts.values()})
        same = [index for index, one in drafts.items() if one.is_among(told)]
        fresh = sorted(drafts.keys() - set(same))
        if fresh:
            stop_orders(
                entity_id=taking.entity.pk,
                drafts=[drafts[index] for index in fresh],
                on=taking.today or max(day for i in fresh if (day := drafts[i].since_on)),
                author=taking.recorder.author,
            )
        taking.outcome.plan_rows(reading.columns, fresh)
        taking.sort_rows(reading.row, new=fresh, same=same)
        taking.close_block(reading)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""
