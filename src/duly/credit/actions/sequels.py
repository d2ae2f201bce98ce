"""What follows a decision: conditions are met, an offer is answered, the applicant is told."""

from datetime import date

from duly.access.actions import Author
from duly.credit.actions.limits import grant_limit, hold_limits, refuse_strangers
from duly.credit.errors import DecisionUnfit, SequelUnfit
from duly.credit.models import CreditDecision, CreditLimit, CreditRequest, DecisionSequel
from duly.credit.queries.decisions import person_acting, sequels_of
from duly.credit.rules.authority import refuse_role
from duly.storage.writing import whole

MET, TURNED_DOWN, TOLD = "met", "turned_down", "told"
LONGEST_NOTE = 1000


@whole()
def meet_condition(
    *, decision: CreditDecision, place: int, note: str, on: date, author: Author
) -> CreditLimit | None:
    """Say that a condition is met; the limit begins when the last one is. Return it if it does.

    Refuses: SequelUnfit when there is no such condition or it was met, DecisionNotYours,
    LimitsOverlap, LimitUnfit.
    """
    hold_limits(entity_id=decision.entity_id)
    refuse_role(person_acting(author.actor))
    _refuse_unless(decision, 0 <= place < len(decision.conditions), "It has no such condition.")
    _follow(decision, MET, place, note, on, author)
    return begin_if_ready(decision=decision, on=on, author=author)


@whole()
def turn_down_offer(*, decision: CreditDecision, note: str, on: date, author: Author) -> None:
    """Say that the applicant does not want what was offered: no limit begins.

    Refuses: SequelUnfit when a limit began, nothing was granted, or it was turned down before.
    """
    hold_limits(entity_id=decision.entity_id)
    refuse_role(person_acting(author.actor))
    began = CreditLimit.objects.filter(decision_id=decision.pk).exists()
    is_open = decision.verdict != "decline" and not began
    _refuse_unless(decision, is_open, "There is no offer that could be turned down.")
    _follow(decision, TURNED_DOWN, 0, note, on, author)


@whole()
def tell_applicant(*, decision: CreditDecision, note: str, on: date, author: Author) -> None:
    """Say that the applicant was told, and how. Refuses: SequelUnfit when told before."""
    hold_limits(entity_id=decision.entity_id)
    _refuse_unless(decision, bool(decision.notice), "There is nobody to tell.")
    _follow(decision, TOLD, 0, note, on, author)


@whole()
def name_customer(
    *, decision: CreditDecision, customer_id: int, on: date, author: Author
) -> CreditLimit | None:
    """Say which customer an applicant became; the limit begins if nothing else is missing.

    Whoever names it says whose limit it becomes, so it takes a role that decides.
    Refuses: DecisionNotYours, SequelUnfit when it is known already; as `grant_limit`.
    """
    hold_limits(entity_id=decision.entity_id)
    refuse_role(person_acting(author.actor))
    refuse_strangers(decision.entity_id, customer_id)
    request = CreditRequest.objects.select_for_update().filter(pk=decision.request_id or 0).first()
    is_open = request is not None and request.customer_id is None
    _refuse_unless(decision, is_open, "Its customer is known.")
    assert request is not None  # noqa: S101 - refused otherwise
    request.customer_id = customer_id
    request.save(update_fields=["customer_id"])
    return begin_if_ready(decision=decision, on=on, author=author)


def begin_if_ready(*, decision: CreditDecision, on: date, author: Author) -> CreditLimit | None:
    """Grant the limit of a decision once nothing is missing, and only once."""
    customer_id = customer_of(decision)
    if decision.verdict == "decline" or customer_id is None:
        return None
    followed = sequels_of([decision.pk]).get(decision.pk, [])
    met = {one.place for one in followed if one.sequel == MET}
    if any(one.sequel == TURNED_DOWN for one in followed):
        return None
    if set(range(len(decision.conditions))) - met:
        return None
    if CreditLimit.objects.filter(decision_id=decision.pk).exists():
        return None
    return grant_limit(decision=decision, customer_id=customer_id, on=on, author=author)


def customer_of(decision: CreditDecision) -> int | None:
    """Whose limit a decision grants: an applicant may have become a customer since."""
    if decision.customer_id is not None or decision.request_id is None:
        return decision.customer_id
    rows = CreditRequest.objects.filter(pk=decision.request_id)
    return rows.values_list("customer_id", flat=True).first()


def _follow(
    decision: CreditDecision, sequel: str, place: int, note: str, on: date, author: Author
) -> None:
    if len(note) > LONGEST_NOTE:
        raise DecisionUnfit(
            f"The note is longer than {LONGEST_NOTE} characters.",
            facts={"characters": len(note)},
            remedy="Shorten it.",
        )
    there = sequels_of([decision.pk]).get(decision.pk, [])
    is_new = not any((one.sequel, one.place) == (sequel, place) for one in there)
    _refuse_unless(decision, is_new, "That was said before.")
    DecisionSequel.objects.create(
        entity_id=decision.entity_id,
        decision_id=decision.pk,
        sequel=sequel,
        place=place,
        note=note,
        on_day=on,
        actor=author.actor,
        recorded_at=author.at,
    )


def _refuse_unless(decision: CreditDecision, is_so: bool, what: str) -> None:
    if not is_so:
        raise SequelUnfit(
            what, facts={"decision": decision.pk}, remedy="Look at the decision as it stands."
        )
