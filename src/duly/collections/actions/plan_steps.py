"""The one way in which a plan changes its state, each change with its step and its news."""

from datetime import date

from duly.access.actions import Author, announce
from duly.collections.events import PlanMoved
from duly.collections.models import InstalmentPlan, PlanStep
from duly.collections.rules.plans.moving import refuse_move
from duly.storage import locks


def hold_plans(*, entity_id: int) -> None:
    """Keep others from writing plans of an entity until the commit."""
    locks.hold(f"instalment-plans:{entity_id}")


def move_plan(
    *, row: InstalmentPlan, to: str, on: date, author: Author, kind: str = "", text: str = ""
) -> None:
    """The one way in which a plan changes its state."""
    refuse_move(row.pk, row.state, to)
    row.state = to
    row.save(update_fields=["state"])
    note_step(row=row, kind=kind or to, on=on, author=author, text=text)
    announce(event=PlanMoved(row.entity_id, row.pk, to), at=author.at)


def note_step(*, row: InstalmentPlan, kind: str, on: date, author: Author, text: str = "") -> None:
    """Write down what happened to a plan."""
    PlanStep.objects.create(
        plan=row,
        kind=kind,
        state=row.state,
        on=on,
        text=text[:500],
        actor=author.actor,
        recorded_at=author.at,
    )
