"""Tell whoever sells, and customers, that an order waits or may go: a task, and mail by policy."""

from collections.abc import Collection
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
from duly.credit.queries.holds import Held
from duly.credit.queries.policies import decision_policy
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.kernel.currencies import EXPONENTS
from duly.kernel.locales import reader
from duly.kernel.money import text_from_minor
from duly.parties.models import Customer, Entity


def tell_sales(entity: Entity, told: Collection[Held], on: date, author: Author) -> None:
    """A task for each, once: tell sales and the customer that an order waits, or may go; with it
    the mails that policy asks for.
    """
    there = task_keys([_key(one) for one in told])
    new = [one for one in told if _key(one) not in there]
    if not new:
        return
    reps = dict(
        Customer.objects.filter(pk__in=[one.case.customer_id for one in new]).values_list(
            "pk", "sales_rep"
        )
    )
    raise_tasks(
        entity_id=entity.pk,
        drafts=[
            TaskDraft(
                one.case.customer_id,
                _key(one),
                "order_told",
                f"Tell {reps.get(one.case.customer_id) or 'sales'} and the customer: {_words(one)}",
                on,
            )
            for one in new
        ],
        actor=author.actor,
        at=author.at,
    )
    switch, policy = sending_of(entity.pk), decision_policy(entity.pk, on).orders
    if switch.mode not in ("on", "test"):
        return
    if policy.tell_sales:
        _mail_sales(entity, new, reps, on, author)
    if policy.tell_customer:
        _mail_customers(entity, new, on, author)


def _mail_sales(
    entity: Entity, told: Collection[Held], reps: dict[int, str], on: date, author: Author
) -> None:
    """One mail to each whose customers' orders they are, where the name is that of a user."""
    named: dict[str, str] = {}
    for user in users():
        if user.is_active:
            named |= {user.name.casefold(): user.email, user.email.casefold(): user.email}
    stopped = {row.address for row in suppressions(entity.pk)}
    by_address: dict[str, list[Held]] = {}
    for one in told:
        address = named.get(reps.get(one.case.customer_id, "").strip().casefold(), "")
        if address and address.lower() not in stopped:
            by_address.setdefault(address, []).append(one)
    drafts = [
        EnquiryDraft(
            "|".join([address, *sorted(_key(one) for one in some)]),
            address,
            "en",
            entity.timezone,
            _subject(some),
            "\n".join(f"{_about(one)}: {_words(one)}\n" for one in some) + f"\n{entity.name}\n",
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


def _mail_customers(entity: Entity, told: Collection[Held], on: date, author: Author) -> None:
    """One mail of each order, in the customer's language; nobody whom no letter may reach."""
    ids = sorted({one.case.customer_id for one in told})
    standing, written = Standing(entity=entity, on=on, customer_ids=ids), texts_of(entity.pk)
    drafts = []
    for one in told:
        customer_id, case = one.case.customer_id, one.case
        reach, to = standing.reach[customer_id], standing.addressed(customer_id)
        if customer_id in standing.barred or not to.recipients:
            continue
        state = GOES if case.ending else WAITS
        order = OrderTold(case.pk, one.order.ref, case.currency, case.amount_minor, state)
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


def _key(one: Held) -> str:
    return f"hold:{one.case.pk}:{one.case.ending or 'opened'}"


def _about(one: Held) -> str:
    return f"{one.customer_name} ({one.customer_code})"


def _subject(some: Collection[Held]) -> str:
    if len(some) > 1:
        return f"{len(some)} orders wait, or may go"
    one = next(iter(some))
    return (
        f"Order {one.order.ref} of {one.customer_name} {'may go' if one.case.ending else 'waits'}"
    )


def _words(one: Held) -> str:
    amount = text_from_minor(one.case.amount_minor, EXPONENTS[one.case.currency])
    order = f"order {one.order.ref} over {one.case.currency} {amount}"
    if not one.case.ending:
        why = " ".join(failed["text"] for failed in one.case.failed)
        return f"{order} waits. {why}"
    how = "released" if one.case.ending == "released" else "free by itself, its cause cleared"
    return f"{order} is {how}."
