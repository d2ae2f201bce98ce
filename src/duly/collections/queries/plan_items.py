"""What an instalment plan is made from: the open items of a customer, and which can't be on it."""

from collections.abc import Sequence

from duly.collections.errors import PlanItemDisputed, PlanItemTaken, PlanNotEven, PlanUnfit
from duly.collections.queries.plans import items_taken
from duly.collections.rules.plans.schedules import Wanted
from duly.disputes.queries import disputed_by_item
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.receivables.queries import charges_among, line_facts, open_of_customers


def items_for_plan(
    entity: Entity, customer_id: int, ids: Sequence[int], wanted: Wanted, *, with_disputed: bool
) -> list[dict[str, object]]:
    """What is kept of the items of a plan.

    Refuses: PlanUnfit, PlanItemTaken, PlanItemDisputed, PlanNotEven.
    """
    debt, whose = wanted.debt, [customer_id]
    owed = dict(
        open_of_customers(entity_id=entity.pk, customer_ids=whose).get(
            (customer_id, debt.currency), []
        )
    )
    facts = line_facts(ids, [])
    numbers = {pk: facts["item", pk].number for pk in ids if ("item", pk) in facts}
    strange = [numbers.get(pk, str(pk)) for pk in ids if pk not in owed]
    if strange or not ids or len(set(ids)) < len(ids):
        named = ", ".join(strange) or "Nothing"
        raise PlanUnfit(
            f"{named} is not open in {debt.currency} with this customer.",
            facts={"items": strange, "currency": debt.currency},
            remedy="Name open invoices of the customer in one currency, each once.",
        )
    _refuse_taken(items_taken(ids), numbers)
    _refuse_interest_on_charges(ids, wanted, numbers)
    disputed = disputed_by_item(entity_id=entity.pk, on=wanted.on, customer_ids=whose)
    objected = {pk: min(disputed[pk], owed[pk]) for pk in ids if disputed.get(pk)}
    if objected and not with_disputed:
        raise PlanItemDisputed(
            f"{', '.join(numbers[pk] for pk in objected)} is disputed.",
            facts={"items": [numbers[pk] for pk in objected]},
            remedy="Leave it out, clear the dispute, or say that the plan takes it in as well.",
        )
    total = Money(sum(owed[pk] for pk in ids), debt.currency)
    if total != debt:
        off = debt.minor - total.minor
        more = "above" if off > 0 else "below"
        difference = Money(abs(off), debt.currency)
        raise PlanNotEven(
            f"The plan is {difference} {more} what is open of its items, {total}.",
            facts={
                "debt": total.text(),
                "difference": Money(off, debt.currency).text(),
                "currency": debt.currency,
            },
            remedy="A plan is for all that is open of the items that it names.",
        )
    return [
        {
            "item_id": pk,
            "number": numbers[pk],
            "due_on": facts["item", pk].due_on,
            "open_minor": owed[pk],
            "disputed_minor": objected.get(pk, 0),
        }
        for pk in ids
    ]


def _refuse_interest_on_charges(
    ids: Sequence[int], wanted: Wanted, numbers: dict[int, str]
) -> None:
    """Refuse interest on interest."""
    if wanted.interest_percent <= 0:
        return
    charges = charges_among(ids)
    named = [numbers[pk] for pk in ids if pk in charges]
    if named:
        raise PlanUnfit(
            f"{', '.join(named)} is a finance charge, and the plan bears interest: none is taken "
            "on interest.",
            facts={"items": named, "interest_percent": wanted.interest_percent},
            remedy="Leave it out, or propose a plan without interest.",
        )


def _refuse_taken(taken: dict[int, int], numbers: dict[int, str]) -> None:
    if taken:
        pk, plan_id = min(taken.items())
        raise PlanItemTaken(
            f"{numbers[pk]} stands on plan {plan_id} already.",
            facts={"items": [numbers[one] for one in taken], "plans": sorted(set(taken.values()))},
            remedy=f"Cancel plan {plan_id} first, or leave the item out.",
        )
