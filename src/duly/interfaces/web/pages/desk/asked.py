"""What the address of the desk asks for: filters, and the views that are saved under names."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from duly.access.models import SavedView
from duly.access.queries import saved_views
from duly.collections.queries.desk import Wanted
from duly.interfaces.web.current import actor
from duly.kernel.amounts import minor_from_text
from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError, Malformed
from duly.parties.models import Entity

NAMES = ("mine", "do", "why", "q", "currency", "segment", "least")  # in the order of an address
DO = {"": "All", "call": "Call", "email": "Send", "letter": "Letter", "wait": "Wait"}
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters as they stand in the address."""

    fields: dict[str, str]
    wanted: Wanted

    def query(self, **changes: str) -> str:
        """An address's query with some of it changed; "" where nothing is asked."""
        told = {name: changes.get(name, self.fields.get(name, "")) for name in (*NAMES, *changes)}
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def mine_query(self) -> str:
        """The same of one's own customers."""
        return self.query(mine="1")

    @property
    def all_query(self) -> str:
        """The same of everyone's."""
        return self.query(mine="")

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything is filtered."""
        return bool(self.query())


def read(request: HttpRequest, entity: Entity, *, is_silent: bool = False) -> Asked:
    """Read the filters. Refuses: InvalidAmount, Malformed."""
    fields = clean(request.GET)
    return Asked(
        fields,
        Wanted(
            action=fields.get("do", ""),
            collectors=(request.user.name, actor(request)) if fields.get("mine") else (),
            segment=fields.get("segment", ""),
            currency=fields.get("currency", "").upper(),
            least_minor=_least(fields.get("least", ""), entity.currency),
            why_code=fields.get("why", ""),
            text=fields.get("q", ""),
            is_silent=is_silent,
        ),
    )


def clean(given: QueryDict) -> dict[str, str]:
    """The filters of an address that mean something. Refuses: Malformed."""
    told = {name: given.get(name, "").strip()[:LONGEST] for name in NAMES}
    if told["do"] not in {*DO, "sent"}:
        raise Malformed(
            f"{told['do']!r} is nothing that can be done next.",
            remedy=f"Use one of: {', '.join(name for name in DO if name)}.",
        )
    return {name: value for name, value in told.items() if value}


def _least(text: str, currency: str) -> int:
    if not text:
        return 0
    try:
        return minor_from_text(text.replace(",", ""), exponent(currency))
    except DulyError as error:
        raise Malformed(
            f"{text!r} is no amount in {currency}.", remedy="Write it as 5000.00."
        ) from error


def views_of(request: HttpRequest, place: str, asked: Asked) -> list[tuple[SavedView, bool, bool]]:
    """(view, is it this one, is it one's own) of the views that a person has of a page."""
    me = actor(request)
    return [
        (row, row.query == asked.query(), row.owner == me)
        for row in saved_views(place=place, owner=me)
    ]
