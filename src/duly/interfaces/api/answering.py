"""How a request of another system is let in, read and answered; one table of numbers."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from duly.access.actions import Author, KeyInUse, once, require_key
from duly.access.errors import ApiKeyUnknown
from duly.interfaces.api.fields import Field, read_fields
from duly.interfaces.web.middleware import status_of
from duly.kernel.errors import Defect, DulyError, Malformed, Outage, RuleBreach
from duly.parties.models import Entity
from duly.parties.queries import entity

MOST_BYTES = 64 * 1024
MOST_A_MINUTE = 12_000  # of one key, in one process


class BodyUnfit(Malformed):
    """The body is no JSON object of the fields that are asked for."""

    code = "BODY_UNFIT"


class BodyTooLarge(Malformed):
    """More bytes than a request may have."""

    code = "BODY_TOO_LARGE"


class TooManyRequests(RuleBreach):
    """A key asked more often than it may."""

    code = "TOO_MANY_REQUESTS"


# Before those of pages (`web.middleware.STATUS`).
STATUS: tuple[tuple[type[DulyError], int], ...] = (
    (ApiKeyUnknown, 401),
    (BodyTooLarge, 413),
    (TooManyRequests, 429),
)


class Call(NamedTuple):
    """A request that was let in: by which key, in whose books, with what it says."""

    key: KeyInUse
    entity: Entity
    given: dict[str, Any]
    author: Author


Act = Callable[[Call], dict[str, Any]]


def endpoint(
    *,
    act: str,
    method: str = "POST",
    fields: tuple[Field, ...] = (),
    is_writing: bool = True,
    then: Callable[[dict[str, Any]], None] = lambda told: None,
) -> Callable[[Act], Callable[[HttpRequest], HttpResponse]]:
    """Make an act an address: key, size and rate are asked first, then the fields are read.

    A write with an `Idempotency-Key` is done once; the same key with other input is refused.
    Given: `then` may refuse what the act told, after it was written.
    """

    def made(act_of: Act) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @login_not_required
        @wraps(act_of)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method != method:
                return JsonResponse(
                    {"refusal": {"code": "METHOD", "message": f"Use {method}."}},
                    status=405,
                    headers={"Allow": method},
                )
            try:
                told = _answer(request, act, fields, act_of, is_writing)
                then(told)
                return JsonResponse(told)
            except OperationalError:  # what it says is for us, not for who asks
                return _told(Outage("The database did not answer.", remedy="Ask again."))
            except Defect:
                raise
            except DulyError as error:
                return _told(error)

        return view

    return made


def _answer(
    request: HttpRequest, act: str, fields: tuple[Field, ...], act_of: Act, is_writing: bool
) -> dict[str, Any]:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    key = require_key(secret=secret.strip() if scheme.lower() == "bearer" else "", act=act)
    _refuse_many(key)
    given = read_fields(_body(request) if is_writing else {}, fields)
    author = Author(f"key:{key.name}", datetime.now(UTC))
    call = Call(key, entity(str(key.entity_id)), given, author)
    once_key = request.headers.get("Idempotency-Key", "") if is_writing else ""
    if not once_key:
        return act_of(call)
    return once(
        key=f"key:{key.id}:{once_key}",
        command=f"api {request.path}"[:48],
        given=given,
        at=author.at,
        act=lambda: act_of(call),
    )


def _refuse_many(key: KeyInUse) -> None:
    place = f"api:{key.id}:{int(time.time() // 60)}"
    if not cache.add(place, 1, 120) and cache.incr(place) > MOST_A_MINUTE:
        raise TooManyRequests(
            f"The key {key.name} asked more than {MOST_A_MINUTE:,} times in a minute.",
            facts={"most": MOST_A_MINUTE},
            remedy="Wait a minute; ask about several orders in a file instead.",
        )


def _body(request: HttpRequest) -> dict[str, Any]:
    """The object in the body. Refuses: BodyTooLarge, BodyUnfit."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise _too_large()
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _too_large()
    try:
        found = json.loads(body, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BodyUnfit(
            "The body is no JSON.",
            facts={"said": str(error)[:200]},
            remedy="Send one JSON object in UTF-8; docs/api.md shows it.",
        ) from None
    if not isinstance(found, dict):
        raise BodyUnfit("The body is no JSON object.", remedy="Send one object: {...}.")
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(
        f"A request has at most {MOST_BYTES:,} bytes.",
        facts={"most": MOST_BYTES},
        remedy="Ask about one order; many go into a file of kind orders.",
    )


def _told(error: DulyError) -> HttpResponse:
    status = next((one for family, one in STATUS if isinstance(error, family)), status_of(error))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if status == 429:
        headers["Retry-After"] = "60"
    return JsonResponse({"refusal": error.as_dict()}, status=status, headers=headers)
