"""What every answer carries, and how a refusal is told."""

import json
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.interfaces.web.written import FieldNotText, plain_cookies, refuse_controls
from duly.kernel.errors import (
    Conflict,
    Defect,
    DulyError,
    Forbidden,
    Malformed,
    Missing,
    Outage,
    RuleBreach,
)

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)

STATUS: tuple[tuple[type[DulyError], int], ...] = (
    (Missing, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Malformed, 422),
    (RuleBreach, 422),
    (Outage, 503),
)


def status_of(error: DulyError) -> int:
    """The HTTP status of a refusal or an outage."""
    return next((status for family, status in STATUS if isinstance(error, family)), 400)


class PlainCookies:
    """Pass over cookies that no database can look up: whoever sends one is not signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = plain_cookies(request)
        return self.get_response(request)


class ContentSecurityPolicy:
    """Allow our own scripts, styles, pictures and fonts, and nothing inline; keep pages nowhere."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        # Figures stay in no cache, also not behind the back button after signing out.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Refusals:
    """Tell a refusal or an outage: a page for a person, a toast where htmx asked.

    What no page can take is refused before it is asked.
    A defect is not caught here: it is logged with its trace and shown as the page for status 500.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and 300 <= response.status_code < 400:
            # htmx would follow a redirect and put a whole page into a part of one.
            moved = HttpResponse(status=204)
            moved.headers["HX-Redirect"] = response.headers["Location"]
            moved.cookies.update(response.cookies)
            return moved
        return response

    def process_view(
        self, request: HttpRequest, view: Answer, places: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponse | None:
        try:
            refuse_controls(request, named)
        except FieldNotText as error:
            return self.process_exception(request, error)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            error = _unusable(error)
        if not isinstance(error, DulyError) or isinstance(error, Defect):
            return None
        status = status_of(error)
        if request.htmx:
            response = HttpResponse(status=status)
            response.headers["HX-Reswap"] = "none"
            add_toast(response, error.message, remedy=error.remedy, tone="bad")
            return response
        asked = request.resolver_match
        is_outside = asked is not None and asked.app_name == "portal"
        page = "portal/told.html" if is_outside else "web/refusal.html"
        return render(request, page, {"error": error}, status=status)


def _unusable(error: OperationalError) -> Outage:
    """What a lock that did not come free, or a database that went away, is to a person."""
    return Outage(
        "The database did not answer in time.",
        code="DATABASE_UNREACHABLE",
        facts={"said": str(error)},
        remedy="Somebody may be writing a lot just now. Wait a minute, then try again: "
        "nothing was half done.",
    )


def add_toast(
    response: HttpResponse,
    text: str,
    *,
    remedy: str = "",
    tone: str = "good",
    undo: str = "",
    event: tuple[str, object] | None = None,
) -> HttpResponse:
    """Have the page show a toast when htmx has taken this answer.

    Given: `undo` a token that takes the act back for a minute; `event` what else the page is told.
    """
    told = {"text": text, "remedy": remedy, "tone": tone, "undo": undo}
    events: dict[str, object] = {"duly:toast": told}
    if event is not None:
        events[event[0]] = event[1]
    response.headers["HX-Trigger"] = json.dumps(events)
    return response
