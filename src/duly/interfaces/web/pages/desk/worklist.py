"""Today: who is worth a person's time, ranked by the money that a call to them moves."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from duly.access.actions import drop_view, save_view
from duly.access.rules.roles import may
from duly.collections.models import CustomerClaim, DayPlan, Task, WorklistRow
from duly.collections.queries.desk import (
    claims_on,
    handled_on,
    kept_rows,
    kept_sums,
    messages_by_state,
    newest_plan,
    other_tasks,
)
from duly.collections.queries.messages import sending_of
from duly.collections.queries.worklist import WorkRow, tasks_by_customer
from duly.collections.queries.worklist import worklist as live_worklist
from duly.interfaces.web.current import actor, customer_of, entity_of, now, today
from duly.interfaces.web.exporting import (
    Table,
    all_pages,
    amount,
    file_addresses,
    file_patterns,
    some_at_a_time,
)
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.desk.acts import way_back
from duly.interfaces.web.pages.desk.asked import DO, Asked, clean, read, views_of
from duly.interfaces.web.pages.desk.customer_now import (
    ACTIONS,
    REASON_WORDS,
    TASK_WORDS,
    CustomerNow,
)
from duly.interfaces.web.pages.desk.planning import to_release
from duly.interfaces.web.templatetags.show import plain_money
from duly.kernel.errors import Malformed
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names

PAGE_SIZE = 25
PLACE = "today"
NOTHING_LATE = "Nothing is overdue any more"


LEFT = ("by_itself", "not_moved", "cost")  # what a call today leaves as it is


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the list: its rank as planned, its figures as they are now."""

    kept: WorklistRow
    live: WorkRow | None  # None: nothing is overdue any more
    code: str
    name: str
    tasks: list[Task]
    claim: CustomerClaim | None
    handled: str

    @property
    def value_minor(self) -> int:
        """What it is worth now."""
        return self.live.value_minor if self.live else 0

    @property
    def chips(self) -> list[tuple[str, str, str, int | None]]:
        """(tone, icon, words, money): tasks by their kind, then reasons that add up; what a call
        leaves as it is together, its parts stand with the customer."""
        kinds = dict.fromkeys(task.kind for task in self.tasks)
        found: list[tuple[str, str, str, int | None]] = [
            (*TASK_WORDS.get(kind, ("", "list-checks", "To do")), None) for kind in list(kinds)[:2]
        ]
        left = 0
        for reason in self.live.because if self.live else ():
            if reason.code in LEFT:
                left += reason.minor
                continue
            tone, icon, words = REASON_WORDS[reason.code]
            if reason.code == "overdue" and self.live:
                words = f"{self.live.oldest_days} days"
            found.append((tone, icon, words, reason.minor or None))
        if left:
            found.append(("", "clock-alert", "not moved by a call", left))
        return found

    def cells(self, currency: str) -> list[str]:
        """The row in a file; `currency` is the one in which it is valued."""
        because = [
            words if minor is None else f"{words} {plain_money(minor, currency)}"
            for _, _, words, minor in self.chips
        ]
        return [
            str(self.kept.rank),
            self.code,
            self.name,
            "; ".join(because) or NOTHING_LATE,
            self.next_words,
            self.kept.next_on.isoformat() if self.kept.next_on else "",
            self.handled,
            self.claim.name if self.claim else "",
            self.kept.currency,
            currency,
            amount(self.value_minor, currency),
        ]

    @property
    def next_words(self) -> str:
        """What comes next, in a word or two."""
        return ACTIONS.get(self.kept.action, self.kept.action.capitalize())


@page()
def today_view(request: HttpRequest) -> HttpResponse:
    """The page: the list at the left, one customer at the right."""
    entity = entity_of(request)
    on, asked = today(entity), read(request, entity)
    plan = newest_plan(entity.pk)
    rows, has_more = _rows(request, entity, asked, plan) if plan else ([], False)
    others = other_tasks(entity.pk, on, plan)
    names = codes_and_names({task.customer_id for task in others})
    told: dict[str, Any] = {
        "others": [(task, names[task.customer_id][1]) for task in others],
        "on": on,
        "plan": plan,
        "rows": rows,
        "asked": asked,
        "shown_minor": sum(row.value_minor for row in rows),
        "sums": _sums(entity, asked, plan),
        "done": len(handled_on(entity.pk, on)),
        "more": asked.query(after=str(rows[-1].kept.rank)) if has_more else "",
        "do": [(name, label, asked.query(do=name)) for name, label in DO.items()],
        "views": views_of(request, PLACE, asked),
        "states": messages_by_state(entity.pk, on),
        "to_release": to_release(plan, on),
        "mode": sending_of(entity.pk).mode,
        "may_collect_day": may(request.user.role, "collect"),
        "keys": KEYS,
        **file_addresses(request, "today"),
        **_one(request, entity, rows),
    }
    return render(request, "web/today.html", told)


KEYS = (
    ("Call", "T"),
    ("Log a call", "C"),
    ("Send the reminder", "E"),
    ("Promise", "P"),
    ("Dispute", "D"),
    ("Snooze", "H"),
    ("Note", "N"),
    ("Choose, for several at once", "X"),
    ("Take back", "Z"),
)


def _sums(entity: Entity, asked: Asked, plan: Any) -> tuple[int, int]:
    """(customers, their value as planned) of what is asked for."""
    if plan is None:
        return 0, 0
    if not asked.is_narrow:
        return plan.counts["rows"], plan.counts["value"]
    return kept_sums(plan, asked.wanted)


def _rows(
    request: HttpRequest, entity: Entity, asked: Asked, plan: DayPlan
) -> tuple[list[Shown], bool]:
    after = number_in(request.GET.get("after", "0"), 9)
    if after is None:
        raise Malformed("The list can't go on from there.", remedy="Open Today again.")
    kept = kept_rows(plan, asked.wanted, after=after, limit=PAGE_SIZE + 1)
    return shown(entity, kept[:PAGE_SIZE]), len(kept) > PAGE_SIZE


def shown(entity: Entity, kept: list[WorklistRow]) -> list[Shown]:
    """Rows with their present figures, in a fixed number of queries."""
    if not kept:
        return []
    on, ids = today(entity), sorted({row.customer_id for row in kept})
    live = {
        (row.customer_id, row.currency): row
        for row in live_worklist(entity=entity, on=on, customer_ids=ids).rows
    }
    names = codes_and_names(ids)
    tasks = tasks_by_customer(entity.pk, ids)
    claims = claims_on(ids, now())
    handled = handled_on(entity.pk, on, ids)
    return [
        Shown(
            row,
            live.get((row.customer_id, row.currency)),
            *names[row.customer_id],
            tasks.get(row.customer_id, []),
            claims.get(row.customer_id),
            handled.get(row.customer_id, ""),
        )
        for row in kept
    ]


def table(request: HttpRequest) -> Table:
    """The whole list as it is filtered."""
    entity = entity_of(request)
    asked, on, plan = read(request, entity), today(entity), newest_plan(entity.pk)

    def kept(after: int, limit: int) -> list[WorklistRow]:
        return kept_rows(plan, asked.wanted, after=after, limit=limit) if plan else []

    rows = (
        one.cells(entity.currency)
        for some in some_at_a_time(all_pages(kept, 0, lambda row: row.rank))
        for one in shown(entity, some)
    )
    texts = ["rank", "customer", "name", "because", "next", "next_on", "done", "claimed_by"]
    return Table(f"today-{on}", [*texts, "owes_in", "currency"], ["worth"], rows)


def _one(request: HttpRequest, entity: Entity, rows: list[Shown]) -> dict[str, Any]:
    """The customer at the right: the one asked for, else the first that is not done."""
    at = number_in(request.GET.get("at", ""), 18)
    currency = request.GET.get("in", "")
    if at is None:
        me = actor(request)
        free = (row for row in rows if not row.handled and (not row.claim or row.claim.actor == me))
        first = next(free, rows[0] if rows else None)
        if first is None:
            return {}
        at, currency = first.kept.customer_id, first.kept.currency
    return detail_of(request, at, currency)


def detail_of(request: HttpRequest, customer_id: int, currency: str) -> dict[str, Any]:
    """What the panel of a customer shows. Refuses: CustomerUnknown."""
    customer = customer_of(request, customer_id)
    here = CustomerNow(customer, today(customer.entity), now())
    row = here.row_in(currency)
    return {
        "now": here,
        "row": row,
        "on": here.on,
        "because": [
            (*REASON_WORDS[reason.code][1:], reason) for reason in (row.because if row else ())
        ],
        "badges": [
            (task, *TASK_WORDS.get(task.kind, ("", "list-checks", "To do"))) for task in here.tasks
        ],
        "say": here.words(row),
        "may_collect": may(request.user.role, "collect"),
    }


@page()
def detail(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The panel alone, for the list beside it."""
    told = detail_of(request, customer_id, request.GET.get("in", ""))
    told["back"] = reverse("today")
    return render(request, "web/today_detail.html", told)


@page(methods=("POST",))
def keep_view(request: HttpRequest) -> HttpResponse:
    """Save what is filtered under a name, for oneself or for everyone. Refuses: Malformed."""
    name = request.POST.get("name", "").strip()[:80]
    fields = clean(QueryDict(request.POST.get("query", "")[:1000]))
    query = Asked(fields, wanted=read(request, entity_of(request)).wanted).query()
    if not name or not query:
        raise Malformed(
            "A view needs a name and a filter.", remedy="Filter the list, then name it."
        )
    save_view(
        place=PLACE,
        name=name,
        query=query,
        owner=actor(request),
        is_shared=bool(request.POST.get("shared")),
        at=now(),
    )
    return redirect(f"{reverse('today')}?{query}")


@page(methods=("POST",))
def forget_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Drop a view of one's own."""
    drop_view(view_id=view_id, owner=actor(request))
    return redirect(way_back(request, reverse("today")))


urlpatterns = [
    path("today/", today_view, name="today"),
    *file_patterns("today/today", "today", table),
    path("today/<int:customer_id>/", detail, name="today_detail"),
    path("today/views/", keep_view, name="keep_view"),
    path("today/views/<int:view_id>/forget/", forget_view, name="forget_view"),
]
