"""Who asks the sample company for credit: taken in, answered for, and one of them decided."""

from collections.abc import Sequence
from datetime import timedelta

from duly.access.actions import Author
from duly.credit.actions import answer_reference, save_conditions, save_request_form
from duly.credit.actions.decisions import decide_request
from duly.credit.actions.sequels import tell_applicant
from duly.credit.queries.decisions import request_named
from duly.credit.queries.references import references_of
from duly.credit.queries.statements import Subject
from duly.credit.rules.references import TRADE
from duly.interfaces.exchange.deciding import Wanted, draft_from
from duly.interfaces.exchange.requesting import Asked, read_request, take_in
from duly.interfaces.exchange.spreading import Firm, keep_read
from duly.interfaces.exchange.statement_files import Said, read_statements
from duly.parties.models import Entity
from duly.world.applicants import Applicant
from duly.world.company import STAFF

DECIDER = next(email for email, _, role in STAFF if role == "manager")
GRANTED_AFTER_DAYS = 9
GRANTED_BECAUSE = "Solid figures, good references; a first limit until three invoices are paid"
CONDITIONS = """Payment within 30 days of the invoice. After that interest runs as the law allows,
and the costs of collecting are borne by the buyer. Objections are made in writing within 14 days
of delivery. Goods stay ours until they are paid. We may change or end credit at any time. German
law; the courts at our seat decide. These terms go before terms of the buyer."""


def take_requests(entity: Entity, applicants: Sequence[Applicant], author: Author) -> None:
    """Take in who asks for credit, what was sent along, what referees told, and one decision."""
    save_request_form(entity_id=entity.pk, segment="", document={}, author=author)
    save_conditions(entity_id=entity.pk, text=CONDITIONS, author=author)
    for one in applicants:
        asked = Asked(entity, one.on, author)
        given = read_request(one.file)
        told = take_in(given, one.file.parent, asked, is_draft=one.is_draft)
        request = request_named(entity.pk, told["request"]["number"])
        if one.statements:
            read = read_statements(one.statements, one.statements.name, Said(1000, entity.currency))
            firm = Firm("private_other", "audited")
            keep_read(entity.pk, Subject(request.pk, None), read, one.statements.name, firm, author)
        _answer(request.pk, one, author)
        if one.granted:
            wanted = Wanted(amount=one.granted, reason=GRANTED_BECAUSE)
            outcome = decide_request(
                entity_id=entity.pk,
                request=request.number,
                draft=draft_from(wanted, request, one.on),
                on=one.on + timedelta(days=GRANTED_AFTER_DAYS),
                author=Author(DECIDER, author.at),
            )
            if outcome.decision:
                told_on = one.on + timedelta(days=GRANTED_AFTER_DAYS + 1)
                tell_applicant(
                    decision=outcome.decision, note="By phone", on=told_on, author=author
                )


def _answer(request_id: int, one: Applicant, author: Author) -> None:
    trade = [row for row in references_of(request_id).rows if row.reference.kind == TRADE]
    for answer in one.answers:
        reference = trade[answer.place].reference
        answer_reference(
            entity_id=reference.entity_id,
            reference_id=reference.pk,
            given=answer.told,
            way="letter",
            person={},
            on=answer.on,
            author=author,
        )
