"""A guarantor reads a guarantee, and signs it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.credit.actions import Evidence, sign_guarantee
from duly.credit.errors.requests import SignatureMissing
from duly.credit.queries.links import link_behind
from duly.credit.queries.requests import guarantee_by_id
from duly.credit.rules.links import GUARANTEE
from duly.interfaces.portal.guarding import address_of, public
from duly.interfaces.web.current import now
from duly.parties.queries import entity_by_id


@public
def sign(request: HttpRequest, secret: str) -> HttpResponse:
    """The wording, a name, a click. Signed once; a second look says when."""
    link = link_behind(purpose=GUARANTEE, secret=secret, at=now())
    found = guarantee_by_id(link.record_id)
    entity = entity_by_id(link.entity_id)
    if found is None or entity is None:
        raise Http404
    signed = request.POST.get("signed", "")
    told = {
        "entity": entity,
        "guarantee": found.guarantee,
        "named": found.person.details.get("name", "") if found.person else "",
        "signed": signed,
        "is_agreed": request.POST.get("is_agreed") == "on",
    }
    if request.method != "POST":
        return render(request, "portal/guarantee.html", told)
    browser = request.headers.get("User-Agent", "")[:200]
    try:
        sign_guarantee(
            secret=secret,
            signed=signed,
            is_agreed=bool(told["is_agreed"]),
            evidence=Evidence(address_of(request), browser),
            at=now(),
        )
    except SignatureMissing as error:
        return render(request, "portal/guarantee.html", {**told, "error": error}, status=422)
    return redirect(request.path)
