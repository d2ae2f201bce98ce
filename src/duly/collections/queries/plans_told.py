"""What an agreement says of a plan, from the books."""

from collections.abc import Sequence

from duly.collections.queries.plans import Plan
from duly.collections.rules.plans.agreement import Covered, Party, Terms
from duly.parties.models import Entity
from duly.parties.queries import debtors, pay_to
from duly.receivables.rules.references import spaced


def terms_of(entity: Entity, plan: Plan, consents: Sequence[str]) -> Terms:
    """Everything that the agreement of a plan says."""
    row = plan.row
    debtor = debtors([row.customer_id])[row.customer_id]
    account = pay_to(entity.pk).get(row.currency)
    details = (
        [
            ("Account holder", account.holder),
            ("IBAN", spaced(account.iban)),
            ("Account", account.account_number),
            ("Bank code", account.bank_code),
            ("BIC", account.bic),
            ("Bank", account.bank_name),
        ]
        if account is not None and row.way == "transfer"
        else []
    )
    return Terms(
        number=row.pk,
        creditor=Party(entity.name, entity.address),
        debtor=Party(debtor.name, debtor.address, debtor.code),
        currency=row.currency,
        made_on=row.made_on,
        items=[
            Covered(item.number, item.due_on, item.open_minor, item.disputed_minor)
            for item in plan.items
        ],
        parts=plan.agreed.parts,
        references={number: spaced(told) for number, told in plan.references.items()}
        if row.way == "transfer"
        else {},
        period=row.period,
        interest_percent=row.interest_percent,
        acceleration_days=row.acceleration_days,
        way=row.way,
        mandate=row.mandate,
        pay_to=[(name, value) for name, value in details if value],
        security=row.security,
        consents=consents,
    )
