"""Write down securities and other dates, and what was done about them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.credit.errors import ClockUnknown, EvidenceMissing, SecurityReleased, SecurityUnfit
from duly.credit.models import ClockDone, CreditDeadline, Security
from duly.credit.queries.clocks import clocks
from duly.credit.queries.securities import security_unknown
from duly.credit.rules.clocks import DATES, SECURITIES, Clock
from duly.storage.writing import whole


class SecurityDraft(NamedTuple):
    """A security as it was given; `dates` {name: day} are what its clocks count from."""

    customer_id: int
    kind: str
    currency: str
    amount_minor: int | None
    from_on: date
    to_on: date | None = None
    given_by: str = ""
    state: str = ""
    collateral: str = ""
    document: str = ""
    note: str = ""
    request_id: int | None = None
    dates: Mapping[str, date] = {}


class DeadlineDraft(NamedTuple):
    """A date of a customer that must not be missed, and what is lost if it is."""

    customer_id: int
    text: str
    opens_on: date
    due_on: date
    currency: str = ""
    amount_minor: int | None = None
    document: str = ""


@whole()
def take_security(*, entity_id: int, draft: SecurityDraft, author: Author) -> Security:
    """Record a security. Refuses: SecurityUnfit."""
    if draft.kind not in SECURITIES:
        raise _unfit(f"{draft.kind!r} is no kind of security.", sorted(SECURITIES))
    if (draft.amount_minor or 0) < 0 or (draft.to_on is not None and draft.to_on < draft.from_on):
        raise _unfit("A security is not negative and ends after it begins.", sorted(SECURITIES))
    _refuse_dates(draft.kind, draft.dates)
    dates = {name: day.isoformat() for name, day in draft.dates.items()}
    return Security.objects.create(
        entity_id=entity_id,
        **draft._asdict() | {"dates": dates},
        actor=author.actor,
        recorded_at=author.at,
    )


@whole()
def date_security(
    *, entity_id: int, security_id: int, dates: Mapping[str, date], author: Author
) -> Security:
    """Say on which days what happened: goods shipped, work completed; its clocks follow.

    Refuses: SecurityUnknown, SecurityReleased, SecurityUnfit.
    """
    row = _in_force(entity_id, security_id)
    _refuse_dates(row.kind, dates)
    before = dict(row.dates)
    row.dates = before | {name: day.isoformat() for name, day in dates.items()}
    row.save(update_fields=["dates"])
    record_changes(
        noun="security",
        changes=[(row.pk, {"dates": before}, {"dates": row.dates})],
        author=author,
    )
    return row


@whole()
def release_security(
    *, entity_id: int, security_id: int, on: date, reason: str, author: Author
) -> Security:
    """Give a security back. Refuses: EvidenceMissing, SecurityUnknown, SecurityReleased."""
    if not reason.strip():
        raise EvidenceMissing(
            "A security is not given back without a reason.",
            facts={"security": security_id},
            remedy="Say why it is no longer needed.",
        )
    row = _in_force(entity_id, security_id)
    row.released_on, row.released_by, row.release_reason = on, author.actor, reason.strip()
    row.save(update_fields=["released_on", "released_by", "release_reason"])
    after = {"released_on": on.isoformat(), "reason": row.release_reason}
    record_changes(noun="security", changes=[(row.pk, {"released_on": None}, after)], author=author)
    return row


@whole()
def add_deadline(*, entity_id: int, draft: DeadlineDraft, author: Author) -> CreditDeadline:
    """Record any other date that must not be missed."""
    return CreditDeadline.objects.create(
        entity_id=entity_id,
        **draft._asdict(),
        actor=author.actor,
        recorded_at=author.at,
    )


@whole()
def do_clock(
    *,
    entity_id: int,
    key: str,
    on: date,
    evidence: str,
    author: Author,
    note: str = "",
    others: Sequence[Clock] = (),
) -> ClockDone:
    """Say that something was done about a clock, and what proves it.

    Given: `others` clocks of the calendar that are not of credit.
    Refuses: EvidenceMissing; ClockUnknown, also for a review, which is concluded.
    """
    if not evidence.strip():
        raise EvidenceMissing(
            "A clock is done with evidence.",
            facts={"clock": key},
            remedy="Name the filing, letter or reference that proves it.",
        )
    clock = _running(entity_id, key, on, others)
    return ClockDone.objects.create(
        entity_id=entity_id,
        key=key,
        customer_id=clock.customer_id,
        done_on=on,
        evidence=evidence.strip(),
        note=note,
        actor=author.actor,
        recorded_at=author.at,
    )


def _running(entity_id: int, key: str, on: date, others: Sequence[Clock]) -> Clock:
    every = (*clocks(entity_id, on), *others)
    found = [one for one in every if one.key == key and one.kind != "review"]
    if not found:
        raise ClockUnknown(
            f"No clock {key} runs on {on}.",
            facts={"clock": key},
            remedy="Look at `duly credit clocks`; a review is concluded instead.",
        )
    return found[0]


def _in_force(entity_id: int, security_id: int) -> Security:
    rows = Security.objects.select_for_update().filter(entity_id=entity_id, pk=security_id)
    row = rows.first()
    if row is None:
        raise security_unknown(security_id)
    if row.released_on is not None:
        raise SecurityReleased(
            f"Security {security_id} was given back on {row.released_on}.",
            facts={"security": security_id, "released_on": row.released_on},
            remedy="Record a new one if it was given again.",
        )
    return row


def _refuse_dates(kind: str, dates: Mapping[str, date]) -> None:
    unknown = sorted(set(dates) - set(DATES.get(kind, ())))
    if unknown:
        told = f"A security of the kind {kind} has no day named {unknown[0]}."
        raise _unfit(told, list(DATES.get(kind, ())))


def _unfit(told: str, known: list[str]) -> SecurityUnfit:
    return SecurityUnfit(
        told,
        facts={"known": known},
        remedy="Use one of: " + ", ".join(known) + "." if known else "Leave it out.",
    )
