"""Tell whoever sells, and customers, that an order waits or may go: a task, and mail by policy."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from duly.access.actions import Author
from duly.access.queries import users
from duly.collections.actions import EnquiryDraft, TaskDraft, queue_enquiries, raise_tasks
from duly.collections.actions.orders_told import OrderToldDraft, queue_orders_told
from duly.collections.queries.messages import sending_of, task_keys
from duly.collections.queries.policies import texts_of
from duly.collections.queries.standing import Standing, suppressions
from duly.collections.rules.orders_told import (
    GOES,
    SALES_TOLD,
    TEXTS,
    WAITS,
    OrderTold,
    write_order_told,
)
from duly.credit.models import HoldCase, Order
from duly.credit.queries.holds import Held
from duly.credit.queries.policies import decision_policy
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.kernel.currencies import EXPONENTS
from duly.kernel.locales import reader
from duly.kernel.money import text_from_minor
from duly.parties.models import Customer, Entity
from duly.parties.queries import codes_and_names
from duly.storage.among import among

MOST_NAMED = 50  # orders in one mail


Told = Sequence[tuple[HoldCase, Order]]


def tell_sales_of(entity: Entity, told: Collection[Held], on: date, author: Author) -> None:
    """The same of holds as they are read, whoever sells looked up."""
    if told:
        buyers = Customer.objects.filter(pk__in=among({one.case.customer_id for one in told}))
        reps = dict(buyers.values_list("pk", "sales_rep"))
        tell_sales(entity, [(one.case, one.order) for one in told], reps, on, author)


def tell_sales(
    entity: Entity, told: Told, reps: Mapping[int, str], on: date, author: Author
) -> None:
    """A task for each, once: tell sales and the customer that an order waits, or may go; with it
    the mails that policy asks for.

    Given: `reps` who sells to each customer.
    """
    there = task_keys([_key(case) for case, _ in told])
    new = [(case, row) for case, row in told if _key(case) not in there]
    if not new:
        return
    raise_tasks(
        entity_id=entity.pk,
        drafts=[
            TaskDraft(
                case.customer_id,
                _key(case),
                "order_told",
                _task(case, row, reps.get(case.customer_id) or "sales"),
                on,
            )
            for case, row in new
        ],
        actor=author.actor,
        at=author.at,
    )
    switch = sending_of(entity.pk)
    if switch.mode not in ("on", "test"):
        return
    policy = decision_policy(entity.pk, on).orders
    if policy.tell_sales:
        _mail_sales(entity, new, reps, on, author)
    if policy.tell_customer:
        _mail_customers(entity, new, on, author)


def _mail_sales(
    entity: Entity, told: Told, reps: Mapping[int, str], on: date, author: Author
) -> None:
    """One mail to each whose customers' orders they are, where the name is that of a user."""
    named: dict[str, str] = {}
    for user in users():
        if user.is_active:
            named |= {user.name.casefold(): user.email, user.email.casefold(): user.email}
    stopped = {row.address for row in suppressions(entity.pk)}
    by_address: dict[str, list[tuple[HoldCase, Order]]] = {}
    for case, row in told:
        address = named.get(reps.get(case.customer_id, "").strip().casefold(), "")
        if address and address.lower() not in stopped:
            by_address.setdefault(address, []).append((case, row))
    names = codes_and_names({case.customer_id for case, _ in told}) if by_address else {}
    drafts = [
        EnquiryDraft(
            "|".join([address, *sorted(_key(case) for case, _ in some)]),
            address,
            "en",
            entity.timezone,
            _subject(some, names),
            _body(some, names, entity.name),
        )
        for address, some in by_address.items()
    ]
    queue_enquiries(
        entity_id=entity.pk,
        drafts=drafts,
        on=on,
        domain=domain_of(sending_of(entity.pk).sender),
        actor=author.actor,
        at=author.at,
        channel=SALES_TOLD,
    )


def _mail_customers(entity: Entity, told: Told, on: date, author: Author) -> None:
    """One mail of each order, in the customer's language; nobody whom no letter may reach."""
    ids = sorted({case.customer_id for case, _ in told})
    standing, written = Standing(entity=entity, on=on, customer_ids=ids), texts_of(entity.pk)
    drafts = []
    for case, row in told:
        customer_id = case.customer_id
        reach, to = standing.reach[customer_id], standing.addressed(customer_id)
        if customer_id in standing.barred or not to.recipients:
            continue
        state = GOES if case.ending else WAITS
        order = OrderTold(case.pk, row.ref, case.currency, case.amount_minor, state)
        spare = TEXTS[state].get(to.language, TEXTS[state]["en"])
        language, text = written.get((state, to.language), (to.language, spare))
        locale = reader(language, tag=reach.language, country=reach.country)
        subject, body = write_order_told(
            text,
            order,
            customer=reach.name,
            entity=entity.name,
            today=locale.long_day(on),
            locale=locale,
        )
        zone = standing.timezone(customer_id)
        drafts.append(
            OrderToldDraft(customer_id, order, to.recipients, language, zone, subject, body)
        )
    queue_orders_told(
        entity_id=entity.pk,
        drafts=drafts,
        on=on,
        domain=domain_of(sending_of(entity.pk).sender),
        actor=author.actor,
        at=author.at,
    )


def _key(case: HoldCase) -> str:
    return f"hold:{case.pk}:{case.ending or 'opened'}"


Names = Mapping[int, tuple[str, str]]


def _subject(some: Told, names: Names) -> str:
    if len(some) > 1:
        return f"{len(some)} orders wait, or may go"
    case, row = some[0]
    return f"Order {row.ref} of {names[case.customer_id][1]} {'may go' if case.ending else 'waits'}"


def _body(some: Told, names: Names, entity: str) -> str:
    lines = []
    for case, row in some[:MOST_NAMED]:
        code, name = names[case.customer_id]
        lines.append(f"{name} ({code}): {_words(case, row)}\n")
    if len(some) > MOST_NAMED:
        lines.append(f"And {len(some) - MOST_NAMED} more.\n")
    return "\n".join([*lines, f"{entity}\n"])


def _task(case: HoldCase, row: Order, rep: str) -> str:
    return f"Tell {rep} and the customer: {_words(case, row)}"


def _words(case: HoldCase, row: Order) -> str:
    amount = text_from_minor(case.amount_minor, EXPONENTS[case.currency])
    order = f"order {row.ref} over {case.currency} {amount}"
    if not case.ending:
        why = " ".join(failed["text"] for failed in case.failed)
        return f"{order} waits. {why}"
    how = "released" if case.ending == "released" else "free by itself, its cause cleared"
    return f"{order} is {how}."
