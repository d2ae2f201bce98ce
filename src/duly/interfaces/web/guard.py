"""What a page asks of whoever opens it. Everything needs a sign-in; `page` adds role and books."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from duly.access.actions import require
from duly.interfaces.web.current import entity_of

View = Callable[..., HttpResponse]


def page(
    *, act: str | None = None, methods: tuple[str, ...] = ("GET", "HEAD"), needs_books: bool = True
) -> Callable[[View], View]:
    """Make a view a page of the product.

    Given: `act` of access.rules.roles that the user's role must include (None: looking is free);
    `methods` it answers to; `needs_books` sends an empty home to the overview, which says what
    to do first. The sign-in itself is asked for by Django's LoginRequiredMiddleware.
    Refuses: NotYourPart (told as a page or a toast, status 403).
    """

    def made(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if act is not None:
                require(user=request.user, act=act)
            entity = entity_of(request)
            if entity is None:
                if needs_books:
                    return redirect("overview")
                return view(request, *args, **kwargs)
            with timezone.override(ZoneInfo(entity.timezone)):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response = response.render()
                return response

        return require_http_methods(list(methods))(guarded)

    return made
