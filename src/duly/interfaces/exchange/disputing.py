"""Disputes by the numbers that people use, and as the documents that `--json` prints."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from duly.access.actions import Author
from duly.access.queries import changes_of_several
from duly.collections.actions import TaskDraft, raise_tasks
from duly.disputes.actions import MappingDraft, close_dispute, credit_dispute
from duly.disputes.errors import MappingUnknown
from duly.disputes.models import SHORT_PAY, Dispute
from duly.disputes.queries import files_of
from duly.disputes.queries.economics import cases_of, expected_of
from duly.disputes.queries.reasons import mappings_of, policy_on, unknown_codes
from duly.disputes.rules.causes import AGES, by_age, causes
from duly.disputes.rules.reasons import EVERYBODY
from duly.interfaces.exchange.backing import files_document
from duly.interfaces.exchange.collecting import amount
from duly.interfaces.exchange.holding import retest_of
from duly.interfaces.exchange.readers.reading import open_tables
from duly.interfaces.exchange.readers.tables import Table
from duly.kernel.errors import Malformed
from duly.ledger.actions import recording
from duly.parties.errors import CustomerUnknown
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, customer, entity, ids_by_code
from duly.parties.queries.reach import rates_on
from duly.receivables.errors import PaymentUnknown
from duly.receivables.queries import payments_by_number
from duly.receivables.queries.standing import documents_of, payments_of

CHARGEBACK = "chargeback"  # a kind of task


class Verdict(NamedTuple):
    """What a dispute was found to be: `credit_minor` None is all of a valid one; `is_issued` asks
    for the credit note here and now, under a number or one made from the dispute's."""

    verdict: str
    credit_minor: int | None = None
    is_issued: bool = False
    number: str = ""


def give_verdict(row: Dispute, told: Verdict, *, on: date, actor: str, at: datetime) -> Dispute:
    """Close a dispute, and issue its credit note where that is asked for; of a deduction that is
    denied, have somebody tell the customer.

    Refuses: DisputeClosed, CreditNothing, CreditNumberTaken, and as applying does.
    """
    credit = 0
    if told.verdict in ("valid", "partly"):
        whole_of = row.amount_minor if told.verdict == "valid" else 0
        credit = whole_of if told.credit_minor is None else told.credit_minor
    if not told.is_issued:
        closed = close_dispute(
            dispute_id=row.pk,
            verdict=told.verdict,
            credit_minor=credit,
            on=on,
            actor=actor,
            at=at,
        )
        _follow(closed, on, actor, at)
        return closed
    note = f"dispute {row.pk}"
    with recording(
        kind="credit", entity_id=row.entity_id, actor=actor, at=at, note=note
    ) as recorder:
        closed = credit_dispute(
            recorder=recorder,
            dispute_id=row.pk,
            verdict=told.verdict,
            credit_minor=credit,
            on=on,
            number=told.number,
        )
    _follow(closed, on, actor, at)
    return closed


def _follow(closed: Dispute, on: date, actor: str, at: datetime) -> None:
    """What follows a verdict: the customer hears of a denial, orders that waited for it go."""
    _tell_of_denial(closed, on, actor, at)
    books = entity(str(closed.entity_id))
    retest_of(books, on, Author(actor, at), [closed.customer_id])


def _tell_of_denial(row: Dispute, on: date, actor: str, at: datetime) -> None:
    """Have somebody tell the customer what of a deduction is owed: reminders to come name it."""
    denied = row.amount_minor - row.credit_minor
    if row.origin != SHORT_PAY or row.verdict not in ("partly", "invalid") or not denied:
        return
    money = f"{row.currency} {amount(denied, row.currency)}"
    text = f"Tell them that {money} deducted from {row.number} is owed: see dispute {row.pk}."
    task = TaskDraft(row.customer_id, f"chargeback:{row.pk}", CHARGEBACK, text, on)
    raise_tasks(entity_id=row.entity_id, drafts=[task], actor=actor, at=at)


def payment_numbered(entity_id: int, number: str) -> int:
    """The payment of a number. Refuses: PaymentUnknown."""
    found = payments_by_number(entity_id, [number]).get(number)
    if found is None:
        raise PaymentUnknown(
            f"There is no payment {number}.",
            facts={"payment": number},
            remedy="Look it up with `duly payments`, or leave --payment out.",
        )
    return found.id


def disputes_document(rows: Iterable[Dispute]) -> dict[str, Any]:
    """Disputes of one entity as the contract writes them."""
    found = list(rows)
    names = codes_and_names({row.customer_id for row in found})
    entity_id = found[0].entity_id if found else 0
    payments = payments_of(entity_id, {row.payment_id for row in found if row.payment_id})
    credits = {row.credit_document_id for row in found if row.credit_document_id}
    notes = documents_of(entity_id, credits)
    return {
        "disputes": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0],
                "item": row.number,
                "amount": amount(row.amount_minor, row.currency),
                "currency": row.currency,
                "reason": row.reason,
                "their_reason": row.their_reason or None,
                "origin": row.origin,
                "payment": payments[row.payment_id].number if row.payment_id else None,
                "owner": row.owner,
                "opened_on": row.opened_on.isoformat(),
                "deadline_on": row.deadline_on.isoformat(),
                "state": row.verdict or "open",
                "closed_on": row.closed_on.isoformat() if row.closed_on else None,
                "credit": amount(row.credit_minor, row.currency),
                "credit_note": notes[row.credit_document_id].number
                if row.credit_document_id
                else None,
            }
            for row in found
        ]
    }


def dispute_document(row: Dispute) -> dict[str, Any]:
    """One dispute with its files and its history."""
    (told,) = disputes_document([row])["disputes"]
    changes = changes_of_several({"dispute": [row.pk]})
    return {
        "dispute": {
            **told,
            "note": row.note,
            **files_document(files_of(row.pk)),
            "history": [
                {
                    "at": row.recorded_at.isoformat(),
                    "by": row.actor,
                    "what": {"opened": row.opened_on.isoformat()},
                },
                *(
                    {"at": one.recorded_at.isoformat(), "by": one.actor, "what": one.after}
                    for one in reversed(changes)
                ),
            ],
        }
    }


def causes_document(entity: Entity, by: str, first: date, last: date) -> dict[str, Any]:
    """Root causes of what was opened in some days, and how old what is open is on the last."""
    cases = [case for case in cases_of(entity.pk) if first <= case.opened_on <= last]
    found = causes(cases, by=by, on=last)
    keys = {int(one.key) for one in found} if by == "customer" else set()
    names = codes_and_names(keys)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "by": by,
        "causes": [
            {
                by: names[int(one.key)][0] if keys else one.key,
                "currency": one.currency,
                "disputes": one.taken,
                "amount": amount(one.minor, one.currency),
                "open_disputes": one.open_count,
                "open": amount(one.open_minor, one.currency),
                "judged": amount(one.judged_minor, one.currency),
                "credited": amount(one.credited_minor, one.currency),
                "days_to_clear": one.mean_days,
            }
            for one in found
        ],
        "open_by_age": [
            {"currency": code, **dict(zip(AGES, (amount(m, code) for m in minors), strict=True))}
            for code, minors in by_age(cases, last).items()
        ],
    }


def expected_document(entity: Entity, on: date) -> dict[int, dict[str, Any]]:
    """{open dispute: what it is expected to bring, in the entity's currency, and why}; what is
    expected to bring most in front."""
    rates = {code: rate for code, (_, rate) in rates_on(entity_id=entity.pk, on=on).items()}
    own = entity.currency
    brings = expected_of(cases_of(entity.pk), on=on, own=own, rates=rates)
    return {
        id_: {
            "amount": None if one.minor is None else amount(one.minor, own),
            "currency": own,
            "owed_per_mille": one.owed_per_mille,
            "verdicts": one.judged,
            "cost": amount(one.cost_minor, own),
            "days_left": one.days_left,
        }
        for id_, one in sorted(brings.items(), key=lambda told: told[1].rank)
    }


def reasons_document(entity_id: int, on: date) -> dict[str, Any]:
    """Who clears which reason, what customers' codes mean, and which nobody knows yet."""
    mappings, unknown = mappings_of(entity_id), unknown_codes(entity_id)
    names = codes_and_names({*(c for c, _ in mappings), *(one.customer_id for one in unknown)})

    def of(customer_id: int) -> str | None:
        return names[customer_id][0] if customer_id in names else None

    return {
        "reasons": [
            {"reason": reason, **duty._asdict()}
            for reason, duty in sorted(policy_on(entity_id, on).duties.items())
        ],
        "mappings": [
            {"code": code, "reason": reason, "customer": of(customer_id)}
            for (customer_id, code), reason in mappings.items()
        ],
        "unknown": [
            {
                "code": one.code,
                "customer": of(one.customer_id),
                "disputes": one.disputes,
                "last_on": one.last_on.isoformat(),
            }
            for one in unknown
        ],
    }


def mappings_told(
    entity_id: int, wanted: Sequence[str], customer_code: str | None
) -> list[MappingDraft]:
    """Mappings as they are typed: CODE=REASON each, or files of them.

    Refuses: MappingUnknown for a text that is neither, and as the readers of files do.
    """
    whose = customer(entity_id=entity_id, code=customer_code).pk if customer_code else EVERYBODY
    drafts = []
    for told in wanted:
        code, is_pair, reason = told.partition("=")
        if is_pair:
            drafts.append(MappingDraft(code, reason.strip(), whose))
        elif Path(told).is_file():
            drafts += mappings_in(entity_id, Path(told), Path(told).name)
        else:
            raise MappingUnknown(
                f"{told[:64]!r} is neither CODE=REASON nor a file.",
                facts={"given": told[:64]},
                remedy="Write it as 07=quantity, or name a CSV or XLSX file.",
            )
    return drafts


def mappings_in(entity_id: int, path: Path, name: str) -> list[MappingDraft]:
    """The mappings of a CSV or XLSX file: columns code, reason, and customer_id where it matters.

    Refuses: as the readers of files do, Malformed for another header, CustomerUnknown.
    """
    rows = [row for table in open_tables(path, name) for row in _rows(table.plain())]
    ids = ids_by_code(entity_id, {whose for _, _, whose in rows if whose})
    missing = sorted({whose for _, _, whose in rows if whose and whose not in ids})
    if missing:
        raise CustomerUnknown(
            f"There is no customer {missing[0]} in these books.",
            facts={"customers": missing[:20]},
            remedy="Import the customers first, or leave customer_id empty for all.",
        )
    return [
        MappingDraft(code, reason, ids[whose] if whose else EVERYBODY)
        for code, reason, whose in rows
        if code or reason
    ]


def _rows(table: Table) -> Iterator[tuple[str, ...]]:
    """(code, reason, customer or "") of each row."""
    places = [table.place_of(column) for column in ("code", "reason", "customer_id")]
    if places[0] is None or places[1] is None:
        raise Malformed(
            f"{table.name} has no columns code and reason.",
            code="MAPPING_HEADER_UNFIT",
            facts={"file": table.name, "header": list(table.header)[:20]},
            remedy="Name the columns code, reason and, where it is one customer's, customer_id.",
        )
    for block in table.blocks:
        if block.problems:
            first = block.problems[0]
            raise Malformed(first.message, code=first.code, facts={"where": first.where})
        empty = [""] * len(block)
        texts = (empty if place is None else block.columns[place] for place in places)
        yield from (tuple(map(str.strip, row)) for row in zip(*texts, strict=True))
