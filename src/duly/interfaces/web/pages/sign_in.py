"""Coming in and going out: entry links, the account of a person, whose books are looked at."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from duly.access.actions import redeem_entry_link
from duly.access.errors import EntryLinkSpent
from duly.interfaces.web.current import SESSION_KEY, entities_of, now
from duly.interfaces.web.guard import page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: looking at it spends nothing, pressing the button signs in.

    Mail scanners and previews only look, so the link survives them.
    """
    if request.method == "GET":
        return render(request, "web/enter.html", {"token": token})
    try:
        user = redeem_entry_link(secret=token, at=now())
    except EntryLinkSpent as spent:
        return render(request, "web/enter.html", {"spent": spent}, status=409)
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="entry_link")
    return redirect("overview")


@page(needs_books=False)
def account(request: HttpRequest) -> HttpResponse:
    """Password and second factor of whoever is signed in."""
    return render(request, "web/account.html", {"has_second_factor": is_mfa_enabled(request.user)})


@page(methods=("POST",))
def choose_entity(request: HttpRequest) -> HttpResponse:
    """Look at the books of another company from here on."""
    wanted = request.POST.get("entity", "")
    if any(str(entity.pk) == wanted for entity in entities_of(request)):
        request.session[SESSION_KEY] = int(wanted)
    back = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if is_ours and "/customers/" not in back else "overview")


urlpatterns = [
    path("enter/<str:token>", enter, name="enter"),
    path("account/", account, name="account"),
    path("books/", choose_entity, name="choose_entity"),
]
