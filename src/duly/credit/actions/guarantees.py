"""Take a guarantor's signature, by the link of their own."""

import hashlib
from datetime import datetime

from duly.credit.actions.links import spend_link
from duly.credit.actions.submitting import Evidence
from duly.credit.errors.requests import LinkUnusable, SignatureMissing
from duly.credit.models import GuaranteeSignature, RequestPerson
from duly.credit.queries.requests import guarantee_by_id
from duly.credit.rules.guarantees import weaknesses
from duly.credit.rules.links import GUARANTEE
from duly.storage.writing import whole

MOST_NAME = 200


@whole()
def sign_guarantee(
    *, secret: str, signed: str, is_agreed: bool, evidence: Evidence, at: datetime
) -> GuaranteeSignature:
    """Sign a guarantee; the link is used up by it. A weak signature is taken, and told as weak.

    Refuses: LinkUnusable, LinkUsed, SignatureMissing.
    """
    signed = " ".join(signed.split())
    if not is_agreed or not 0 < len(signed) <= MOST_NAME:
        raise SignatureMissing(
            "A guarantee is signed by a full name, and by agreeing to it.",
            facts={"characters": len(signed), "most": MOST_NAME},
            remedy="Type your full name, tick that you agree, and sign again.",
        )
    link = spend_link(purpose=GUARANTEE, secret=secret, at=at)
    found = guarantee_by_id(link.record_id)
    if found is None:
        raise LinkUnusable("This link does not open anything.")
    guarantee = found.guarantee
    named = found.person.details.get("name", "") if found.person else ""
    person = RequestPerson.objects.create(
        entity_id=guarantee.entity_id,
        request_id=guarantee.request_id,
        revision=0,
        place=f"guarantee.{guarantee.pk}",
        details={"signed": signed, **evidence._asdict()},
    )
    return GuaranteeSignature.objects.create(
        guarantee_id=guarantee.pk,
        person_id=person.pk,
        sha256=hashlib.sha256(guarantee.wording.encode()).hexdigest(),
        warnings=weaknesses(kind=guarantee.kind, signed=signed, named=named),
        signed_at=at,
    )
