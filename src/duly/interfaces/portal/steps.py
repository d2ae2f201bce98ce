"""A request in steps: one block a page, then documents, then what is signed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.http import HttpRequest

from duly.access.actions import Author
from duly.credit.actions import Evidence, save_answers
from duly.credit.errors.requests import CreditRequestUnfit
from duly.credit.models import CreditRequest
from duly.credit.queries.requests import (
    answers_of,
    conditions_by_id,
    files_of,
    form_of_request,
    numbers_looked_at,
    typed_in,
)
from duly.credit.rules.request_fields import DOCUMENTS, Block
from duly.credit.rules.request_form import Form
from duly.interfaces.exchange.backing import Offered
from duly.interfaces.exchange.requesting import Asked, CreditFileUnfit, attach_document, send_in
from duly.interfaces.portal.filling import Wrong, given_in, in_block, shown, wrong_in
from duly.kernel.errors import Problem
from duly.parties.models import Entity

DOCUMENTS_STEP = "documents"
LAST = "signature"
MOST_FILES = 40
MOST_BYTES = 120 * 1024 * 1024


class Step(NamedTuple):
    """A page of the form: is it complete, is it the one that is shown."""

    id: str
    title: str
    address: str
    is_here: bool
    is_done: bool


@dataclass(frozen=True)
class Filling:
    """Somebody fills in a request: whose, which one, on which day, and where its pages are."""

    request: CreditRequest
    form: Form
    on: date
    author: Author
    address: Callable[[str], str]

    @classmethod
    def of(
        cls, request: CreditRequest, on: date, author: Author, address: Callable[[str], str]
    ) -> "Filling":
        """A request with the form that it was begun with."""
        return cls(request, form_of_request(request), on, author, address)

    def block(self, step: str) -> Block | None:
        """The block of a step; None where it has no such step."""
        return next((block for block in self.form.blocks if block.id == step), None)

    def order(self) -> list[tuple[str, str]]:
        """(step, title) of each page, in order."""
        found = [(block.id, block.title) for block in self.form.blocks if block.id != LAST]
        if self.form.documents:
            found.append((DOCUMENTS_STEP, "Documents"))
        return [*found, (LAST, "Sign and send")]

    def after(self, step: str) -> str:
        """The step behind one."""
        names = [name for name, _ in self.order()]
        place = names.index(step) + 1 if step in names else 0
        return names[min(place, len(names) - 1)]

    def keep(self, block: Block, request: HttpRequest) -> list[Problem]:
        """Keep what a page brought; return what is wrong in its block, and what nobody asked."""
        given = given_in(block, request.POST)
        told = save_answers(request_id=self.request.pk, given=given, on=self.on, author=self.author)
        unknown = [p for p in told if p.code == "FIELD_UNKNOWN" and p.where in given]
        return [*unknown, *(p for p in in_block(told, block) if p not in unknown)]

    def keep_files(self, request: HttpRequest) -> list[Problem]:
        """Keep the files that a page brought; return what is wrong with those that are not kept."""
        problems = []
        too_big = getattr(request, "too_big", "")
        if too_big:
            told = f"{too_big} is too large."
            problems.append(Problem("file", "FIELD_UNFIT", told, "Send a smaller one."))
        there = files_of(self.request.pk)
        left, bytes_left = MOST_FILES - len(there), MOST_BYTES - sum(row.bytes for row in there)
        for kind in self.form.documents:
            for one in request.FILES.getlist(kind):
                if left <= 0:
                    told = f"A request takes {MOST_FILES} files."
                    return [*problems, Problem(kind, "FIELD_UNFIT", told, "Join some of them.")]
                left, bytes_left = left - 1, bytes_left - (one.size or 0)
                if bytes_left < 0:
                    told = f"A request takes {MOST_BYTES // 1024**2} MB of files."
                    return [*problems, Problem(kind, "FIELD_UNFIT", told, "Send smaller ones.")]
                lies = Path(one.temporary_file_path())  # type: ignore[attr-defined]
                offered = Offered(one.name or "file", lies)
                try:
                    attach_document(self.request.pk, kind, offered, self.author)
                except CreditFileUnfit as error:
                    problems.append(Problem(kind, error.code, error.message, error.remedy))
        return problems

    def send(self, entity: Entity, evidence: Evidence) -> list[Problem]:
        """Submit; what is missing anywhere is told, and nothing is lost."""
        asked = Asked(entity, self.on, self.author, self.request.source, evidence)
        try:
            send_in(self.request.pk, asked)
        except CreditRequestUnfit as error:
            return [Problem(**problem) for problem in error.facts["problems"]]
        return []

    def context(
        self, step: str, problems: Sequence[Problem] = (), more: str = "", is_told: bool = False
    ) -> dict[str, Any]:
        """What the page of a step shows. Given: `is_told` says that problems are to be seen."""
        typed = {"currency": self.request.currency, **typed_in(self.request.pk)[1]}
        read = answers_of(self.request, self.on)
        block = self.block(step)
        steps = self._steps(step, read.problems)
        told: dict[str, Any] = {
            "credit_request": self.request,
            "form": self.form,
            "step": step,
            "steps": steps,
            "place": next((n for n, one in enumerate(steps, 1) if one.is_here), 1),
            "part": block,
            "wrong": wrong_in(problems) if is_told else [],
            "before": self._before(step),
            "documents": [
                (kind, DOCUMENTS[kind], must) for kind, must in self.form.documents.items()
            ],
            "files": [(DOCUMENTS[row.document], row) for row in files_of(self.request.pk)],
        }
        if block is not None:
            told["fields"] = shown(block, self.form, typed, problems if is_told else (), more)
        told["numbers"] = [
            one
            for one in numbers_looked_at(read.values)
            if one.is_fit is False and block is not None
            and (step == LAST or one.field in {field.id for field in block.fields})
        ]  # fmt: skip
        if step == LAST:
            told["conditions"] = conditions_by_id(self.request.conditions_id)
            told["missing"] = self._missing(read.problems)
        return told

    def _before(self, step: str) -> str:
        names = [name for name, _ in self.order()]
        place = names.index(step) if step in names else 0
        return self.address(names[place - 1]) if place else ""

    def _steps(self, here: str, problems: Sequence[Problem]) -> list[Step]:
        wrong = {self.step_of(problem) for problem in problems}
        return [
            Step(name, title, self.address(name), name == here, name not in wrong)
            for name, title in self.order()
        ]

    def step_of(self, problem: Problem) -> str:
        """The step on which a problem can be mended."""
        name = problem.where.partition("[")[0]
        for block in self.form.blocks:
            if any(field.id == name for field in block.fields):
                return block.id
        return DOCUMENTS_STEP if name in DOCUMENTS else LAST

    def _missing(self, problems: Sequence[Problem]) -> list[tuple[str, Wrong]]:
        """(address of the step, problem) of everything outside the last step."""
        return [
            (f"{self.address(step)}#{wrong.name}", wrong)
            for problem, wrong in zip(problems, wrong_in(problems), strict=True)
            if (step := self.step_of(problem)) != LAST
        ]
