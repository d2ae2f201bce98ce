"""The credit of the sample company: orders taken in, cover and securities written down, a look."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from duly.access.actions import Author
from duly.credit.actions.insuring import (
    InsuredLimitDraft,
    save_insurance_policy,
    set_insured_limits,
)
from duly.credit.actions.scores import score_customers
from duly.credit.actions.securing import SecurityDraft, take_security
from duly.credit.actions.signals import SignalDraft, record_signals
from duly.credit.rules.insurance import Terms
from duly.interfaces.cli.sample_requests import take_requests
from duly.interfaces.exchange.importing import Wanted, import_files
from duly.interfaces.jobs.watching import watch_credit
from duly.kernel.dates import add_months
from duly.parties.models import Entity
from duly.parties.queries import ids_by_code
from duly.world.applicants import write_applicants
from duly.world.crediting import CreditStory, credit_story, write_orders
from duly.world.records import History


def tell_credit(entity: Entity, history: History, folder: Path, author: Author) -> None:
    """Write down what others said of the customers, take in the orders, and look at everybody."""
    story, on = credit_story(history), history.until
    codes = [one[0] for one in story.insured] + [one.code for one in story.pledges]
    ids = ids_by_code(entity.pk, {*codes, *(one[0] for one in story.news)})
    _insure(entity, story, ids, on, author)
    for one in story.pledges:
        draft = SecurityDraft(
            ids[one.code],
            one.kind,
            one.currency,
            one.minor,
            one.from_on,
            one.to_on,
            given_by=one.given_by,
        )
        take_security(entity_id=entity.pk, draft=draft, author=author)
    news = [SignalDraft(ids[code], "adverse_news", on, note=told) for code, told in story.news]
    record_signals(entity_id=entity.pk, drafts=news, author=author)
    orders = write_orders(history, folder)
    import_files([orders], wanted=Wanted(entity=entity.name), actor=author.actor, at=author.at)
    take_requests(entity, write_applicants(history, folder / "credit"), author)
    score_customers(entity=entity, customer_ids=None, on=on, author=author)
    watch_credit(entity=entity, on=on, actor=author.actor, at=author.at)


def _insure(
    entity: Entity, story: CreditStory, ids: dict[str, int], on: date, author: Author
) -> None:
    begun = add_months(on, -14)
    terms = Terms(
        story.policy_number,
        story.insurer,
        entity.currency,
        begun,
        add_months(begun, 24),
        mep_days=60,
        notify_days=45,
        waiting_days=150,
        indemnity_percent=Decimal(90),
    )
    save_insurance_policy(entity_id=entity.pk, terms=terms, author=author)
    set_insured_limits(
        entity_id=entity.pk,
        policy_number=terms.number,
        drafts=[InsuredLimitDraft(ids[code], minor, begun) for code, minor in story.insured],
        on=on,
        author=author,
    )
