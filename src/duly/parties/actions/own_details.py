"""Verbs for our own entities: what a letter says of us, and where customers pay.

Bank details take two persons, because whoever can change them alone can have every customer pay
into an account of their own (pain J6).
"""

from collections.abc import Mapping

from duly.access.actions import Author, announce, ask_approval, decide_approval, record_changes
from duly.access.models import Approval
from duly.parties.errors import EntityDetailsUnfit
from duly.parties.events import BankDetailsChanged
from duly.parties.models import BankDetails, Entity
from duly.parties.rules.bank_details import BankDetailsDraft, fit
from duly.storage.writing import whole

CHANGE_BANK_DETAILS = "change_bank_details"
_LONGEST = {
    "address": 500,
    "email": 254,
    "phone": 40,
    "tax_id": 64,
    "language": 16,
    "logo": 64,  # the digest of its file, which lies beside the database
}


@whole()
def save_entity(*, author: Author, entity_id: int, values: Mapping[str, str]) -> Entity:
    """Change an entity's address and the like; keep who, when, before and after.

    Refuses: EntityDetailsUnfit.
    """
    entity = Entity.objects.select_for_update().get(pk=entity_id)
    for name, value in values.items():
        longest = _LONGEST[name]
        if len(value) > longest or not value.replace("\n", "").isprintable():
            raise EntityDetailsUnfit(
                f"This {name.replace('_', ' ')} does not fit on a letter.",
                facts={"field": name, "characters": len(value), "most": longest},
                remedy=f"Write it in up to {longest} characters of plain text.",
            )
    before = {name: getattr(entity, name) for name in values}
    after = {name: value for name, value in values.items() if before[name] != value}
    if after:
        for name, value in after.items():
            setattr(entity, name, value)
        entity.save(update_fields=list(after))
        was = {name: before[name] for name in after}
        record_changes(noun="entity", changes=[(entity_id, was, after)], author=author)
    return entity


@whole()
def ask_bank_details(*, author: Author, entity_id: int, draft: BankDetailsDraft) -> Approval:
    """Ask that customers pay to these details from now on; a second person must approve.

    Refuses: BankNumberWrong, BankDetailsUnfit, UnknownCurrency.
    """
    facts = {"entity_id": entity_id, **fit(draft)._asdict()}
    return ask_approval(act=CHANGE_BANK_DETAILS, facts=facts, author=author)


@whole()
def decide_bank_details(
    *, author: Author, approval_id: int, is_approved: bool
) -> BankDetails | None:
    """Approve or decline bank details that another person asked for; approved, they are in force.

    Refuses: ApprovalUnknown, ApprovalDecided, OwnWorkApproval. Announces: BankDetailsChanged.
    """
    approval = decide_approval(
        approval_id=approval_id,
        act=CHANGE_BANK_DETAILS,
        is_approved=is_approved,
        author=author,
    )
    if not is_approved:
        return None
    told = dict(approval.facts)
    entity_id, currency = told["entity_id"], told["currency"]
    is_first = not BankDetails.objects.filter(entity_id=entity_id, currency=currency).exists()
    details = BankDetails.objects.create(approval_id=approval.pk, in_force_at=author.at, **told)
    announce(event=BankDetailsChanged(entity_id, currency, approval.pk, is_first), at=author.at)
    return details
