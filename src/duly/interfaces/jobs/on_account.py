"""Tell customers of money that is left on their account, where their policy says so."""

from collections import defaultdict
from datetime import datetime

from duly.collections.actions.on_account import OnAccountDraft, queue_on_account
from duly.collections.queries.messages import payments_told, sending_of
from duly.collections.queries.standing import Standing
from duly.collections.rules.on_account import LeftOver, write_on_account
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.kernel.currencies import exponent
from duly.kernel.locales import reader
from duly.receivables.queries import overpaid


def on_account_drafts(standing: Standing) -> list[OnAccountDraft]:
    """What customers would be told on a day: each payment once, of a customer in one currency
    together."""
    if not any(policy.tell_on_account for policy in standing.policies.values()):
        return []
    left = overpaid(standing.entity.pk, on=standing.on)
    told = payments_told([one.payment_id for one in left])
    found: dict[tuple[int, str], list[LeftOver]] = defaultdict(list)
    for one in left:
        if one.payment_id not in told:
            line = LeftOver(one.payment_id, one.number, one.received_on, one.free_minor)
            found[one.customer_id, one.currency].append(line)
    drafts = []
    for (customer_id, currency), lines in sorted(found.items()):
        reach = standing.reach[customer_id]
        policy, to = standing.policy_of(customer_id, reach), standing.addressed(customer_id)
        is_held = customer_id in standing.barred or customer_id in standing.holds
        if not policy.tell_on_account or not to.recipients or is_held:
            continue
        subject, body = write_on_account(
            customer=reach.name,
            entity=standing.entity.name,
            currency=currency,
            decimals=exponent(currency),
            left=lines,
            on=standing.on,
            locale=reader(to.language, tag=reach.language, country=reach.country),
        )
        drafts.append(
            OnAccountDraft(
                customer_id,
                currency,
                tuple(lines),
                to.recipients,
                to.language,
                standing.timezone(customer_id),
                policy.name,
                policy.version,
                subject,
                body,
            )
        )
    return drafts


def tell_on_account(
    standing: Standing, *, actor: str, at: datetime, not_before: datetime | None
) -> int:
    """Queue them beside the day's other messages; return how many."""
    entity = standing.entity
    return queue_on_account(
        entity_id=entity.pk,
        drafts=on_account_drafts(standing),
        on=standing.on,
        domain=domain_of(sending_of(entity.pk).sender),
        actor=actor,
        at=at,
        not_before=not_before,
    )
