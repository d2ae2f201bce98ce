"""Acts that take two persons."""

from typing import Any

from duly.access.actions.trail import Author
from duly.access.errors import ApprovalDecided, ApprovalUnknown, OwnWorkApproval
from duly.access.models import Approval
from duly.access.queries import persons_behind
from duly.access.rules.actors import is_same, may_be_same
from duly.storage.writing import whole


def ask_approval(*, act: str, facts: dict[str, Any], author: Author) -> Approval:
    """Write down what one person wants and a second one must approve before it is done."""
    return Approval.objects.create(act=act, facts=facts, asked_by=author.actor, asked_at=author.at)


@whole()
def decide_approval(*, approval_id: int, act: str, is_approved: bool, author: Author) -> Approval:
    """Approve or decline what another person asked for; the caller then does it.

    Refuses: ApprovalUnknown, ApprovalDecided, OwnWorkApproval (who asked may decline, not approve).
    """
    approval = Approval.objects.select_for_update().filter(pk=approval_id, act=act).first()
    if approval is None:
        raise ApprovalUnknown(
            f"Nothing that waits for a second person has the number {approval_id}.",
            facts={"approval": approval_id},
            remedy="Look at what waits, and use its number.",
        )
    if approval.decided_at is not None:
        raise ApprovalDecided(
            f"{approval.decided_by} {'approved' if approval.is_approved else 'declined'} this"
            f" on {approval.decided_at:%Y-%m-%d}.",
            facts={"approval": approval_id, "decided_by": approval.decided_by},
            remedy="Ask for it again if it should be done now.",
        )
    if is_approved:
        _refuse_own_work(approval, author.actor)
    approval.decided_by, approval.decided_at = author.actor, author.at
    approval.is_approved = is_approved
    approval.save(update_fields=["decided_by", "decided_at", "is_approved"])
    return approval


def _refuse_own_work(approval: Approval, actor: str) -> None:
    """Refuse who asked, and who may have: a name of the shell and one of the web tell no two."""
    behind = persons_behind([approval.asked_by, actor])
    asked_by, actor = behind[approval.asked_by], behind[actor]
    facts = {"approval": approval.pk, "asked_by": asked_by}
    if is_same(asked_by, actor):
        raise OwnWorkApproval(
            f"{actor} asked for this and can't be the one who approves it.",
            facts=facts,
            remedy="Let a second person look at it and approve it.",
        )
    if may_be_same(asked_by, actor):
        raise OwnWorkApproval(
            f"{asked_by} asked for this, and {actor} may be the same person.",
            facts=facts,
            remedy="Decline it; ask in the browser, or in the shell with --user EMAIL, and let"
            " somebody else approve it in the browser.",
        )
