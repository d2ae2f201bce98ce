"""What is known of who asks for credit, as factors of a score: from every part that looked."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from duly.credit.models import CreditRequest
from duly.credit.queries.references import References, references_of, reports_by_customer
from duly.credit.queries.requests import answers_of
from duly.credit.queries.scores import factors_of
from duly.credit.queries.statements import Kept, statements_by_customer, statements_of
from duly.credit.rules.assessing import assess
from duly.credit.rules.references import days_beyond_terms
from duly.credit.rules.scorecards import YES, Value
from duly.parties.models import Entity

_DAYS_A_YEAR = Decimal("365.25")
_TENTH, _CENT = Decimal("0.1"), Decimal("0.01")
_LEAST_SUPPLIERS = 2  # one that the applicant chose says too little


def known_of_request(entity: Entity, request: CreditRequest, on: date) -> dict[str, Value]:
    """The factors of a request on a day; what nobody looked at is left out, never guessed.

    Statements give the zone and the interest cover, agency reports the public record and (else
    suppliers) days beyond terms, the form the age of the firm and (once submitted) that its
    documents are complete, our ledger the rest.
    """
    found = _of_statements(statements_of(entity.pk, request.pk, request.customer_id))
    references = references_of(request.pk)
    if references.public_record:
        found["public_record"] = references.public_record
    slow = _days_beyond_terms(references)
    if slow is not None:
        found["agency_days_beyond_terms"] = slow.quantize(_TENTH)
    formed = answers_of(request, on).values.get("formed_on")
    if isinstance(formed, date) and formed <= on:
        years = Decimal((on - formed).days) / _DAYS_A_YEAR
        found["years_in_business"] = years.quantize(_TENTH, ROUND_DOWN)
    if request.submitted_on is not None:
        found["documents_complete"] = YES
    if request.customer_id is not None:
        found |= factors_of(entity, [request.customer_id], on)[request.customer_id]
    return found


def known_of_customers(
    entity: Entity, customer_ids: Collection[int]
) -> dict[int, dict[str, Value]]:
    """{customer: what its statements and agency reports tell}, also those of its requests; who has
    none is left out. A constant number of queries.
    """
    found: dict[int, dict[str, Value]] = {
        pk: _of_statements(kept)
        for pk, kept in statements_by_customer(entity.pk, customer_ids).items()
    }
    for pk, reports in reports_by_customer(entity.pk, customer_ids).items():
        facts = found.setdefault(pk, {})
        record = next((told for one in reports if (told := one.get("public_record"))), "")
        slow = days_beyond_terms(reports)
        facts |= {"public_record": record} if record else {}
        facts |= {"agency_days_beyond_terms": slow.quantize(_TENTH)} if slow is not None else {}
    return found


def _of_statements(kept: Sequence[Kept]) -> dict[str, Value]:
    """The zone and the interest cover of the newest, where there are any."""
    if not kept:
        return {}
    newest = kept[0]
    told = assess(
        [one.sheet for one in kept], newest.firm_kind, newest.market_value, newest.price_index
    )
    zone = next((one.zone for one in told.models if one.model.id == "altman_z2"), None)
    cover = told.ratios["interest_cover"].value
    found: dict[str, Value] = {"z2_zone": zone} if zone else {}
    return found | ({"interest_cover": cover.quantize(_CENT)} if cover is not None else {})


def _days_beyond_terms(told: References) -> Decimal | None:
    """How slow others are paid: an agency's word counts before that of suppliers, on average, whom
    the applicant chose."""
    if told.agency_days_beyond_terms is not None:
        return told.agency_days_beyond_terms
    return told.trade.days_slow if told.trade.slow_told >= _LEAST_SUPPLIERS else None
