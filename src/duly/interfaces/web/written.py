"""What addresses, forms and cookies say is text that every database keeps and every screen shows.

The one place that sees to it: pages take what they are given as it is.
"""

from collections.abc import Iterator

from django.http import HttpRequest

from duly.kernel.errors import Malformed
from duly.kernel.quoting import CONTROLS, safe_text


class FieldNotText(Malformed):
    """A field holds a character that can't be seen, such as NUL."""

    code = "FIELD_NOT_TEXT"


def refuse_controls(request: HttpRequest, named: dict[str, object]) -> None:
    """Refuse a request of which a field can't be kept or shown; `named` are parts of its address.

    Refuses: FieldNotText.
    """
    for name, text in _fields(request, named):
        found = CONTROLS.search(text) or CONTROLS.search(name)
        if found is not None:
            raise FieldNotText(
                f"The field “{safe_text(name)}” holds a character that can't be seen: "
                f"{safe_text(found[0])}.",
                facts={"field": safe_text(name), "character": safe_text(found[0])},
                remedy="It often comes along with what is copied from elsewhere. "
                "Type the field anew; nothing was kept.",
            )


def plain_cookies(request: HttpRequest) -> dict[str, str]:
    """The cookies of a request that are such text."""
    return {name: text for name, text in request.COOKIES.items() if not CONTROLS.search(text)}


def _fields(request: HttpRequest, named: dict[str, object]) -> Iterator[tuple[str, str]]:
    yield from ((name, text) for name, text in named.items() if isinstance(text, str))
    for given in (request.GET, request.POST):
        for name, texts in given.lists():
            yield from ((name, text) for text in texts if isinstance(text, str))
