"""What a page for strangers lets in: no account, a count of tries, refusals that reveal nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from duly.credit.errors.requests import LinkUnusable
from duly.interfaces.web.middleware import status_of
from duly.kernel.errors import Defect, DulyError, Forbidden
from duly.parties.models import Entity

View = Callable[..., HttpResponse]
MOST_MISSES, MISS_SECONDS = 30, 10 * 60  # links that opened nothing, from one address
MOST_STARTS, START_SECONDS = 20, 60 * 60  # applications begun, from one address
MOST_MEGABYTES, MEGABYTE_SECONDS = 400, 60 * 60  # of files sent, from one address
MOST_SAVES, SAVE_SECONDS = 600, 60 * 60  # steps saved, from one address


class TooManyTries(Forbidden):
    """One address tried too often."""

    code = "TOO_MANY_TRIES"


def public(view: View) -> View:
    """Make a view a page for strangers; what is refused is told without a word of what there is."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if "secret" in kwargs:
                refuse_beyond(request, "miss", MOST_MISSES)
            return view(request, *args, **kwargs)
        except DulyError as error:
            if isinstance(error, Defect):
                raise
            if isinstance(error, LinkUnusable):
                counted(request, "miss", MISS_SECONDS)
            return told(request, error)

    return login_not_required(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def told(request: HttpRequest, error: DulyError) -> HttpResponse:
    """A refusal as a page for strangers."""
    status = 429 if isinstance(error, TooManyTries) else status_of(error)
    return render(request, "portal/told.html", {"error": error}, status=status)


def address_of(request: HttpRequest) -> str:
    """The address that a request came from, by the word of our own proxy alone."""
    return str(get_adapter().get_client_ip(request))


def counted(request: HttpRequest, what: str, seconds: int, times: int = 1) -> None:
    """Count a try of an address."""
    key = _key(request, what)
    if not cache.add(key, times, seconds):
        cache.incr(key, times)


def count_save(request: HttpRequest) -> None:
    """Count a step that an address saves: each is kept for good. Refuses: TooManyTries."""
    refuse_beyond(request, "save", MOST_SAVES)
    counted(request, "save", SAVE_SECONDS)


def count_files(request: HttpRequest) -> None:
    """Count the files that an address sends by their size. Refuses: TooManyTries."""
    refuse_beyond(request, "megabytes", MOST_MEGABYTES)
    size = sum(one.size or 0 for _, some in request.FILES.lists() for one in some)
    counted(request, "megabytes", MEGABYTE_SECONDS, -(-size // 1024**2))


def refuse_beyond(request: HttpRequest, what: str, most: int) -> None:
    """Refuse an address that tried too often. Refuses: TooManyTries."""
    if (cache.get(_key(request, what)) or 0) >= most:
        raise TooManyTries(
            "There were too many tries from where you are.",
            remedy="Wait an hour, then open the link from your mail again.",
        )


def _key(request: HttpRequest, what: str) -> str:
    return f"portal:{what}:{address_of(request)}"


def at_home_of(entity: Entity) -> Any:
    """Moments are shown as the entity has them."""
    return timezone.override(ZoneInfo(entity.timezone))
