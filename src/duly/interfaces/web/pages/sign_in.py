"""Coming in and going out: entry links, the account of a person, whose books are looked at."""

from allauth.account import views as accounts
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.base import views as second_step
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from duly.access.actions import redeem_entry_link
from duly.access.errors import EntryLinkSpent
from duly.interfaces.web.current import SESSION_KEY, entities_of, now
from duly.interfaces.web.guard import page


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
    record_authentication(request, user, method="entry_link")
    # The same way in as after a password, so that a second step is asked for all the same.
    return perform_login(request, Login(user=user, redirect_url=reverse("overview")))


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


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """People are added by an administrator: this address only says so."""
    raise Http404


urlpatterns = [
    path("enter/<str:token>", enter, name="enter"),
    path("books/", choose_entity, name="choose_entity"),
    path("account/", account, name="account"),
    path("account/sign-in/", accounts.login, name="account_login"),
    path("account/sign-out/", accounts.logout, name="account_logout"),
    path("account/closed/", accounts.account_inactive, name="account_inactive"),
    path("account/sign-up/", no_sign_up, name="account_signup"),
    path("account/again/", accounts.reauthenticate, name="account_reauthenticate"),
    path("account/password/", accounts.password_change, name="account_change_password"),
    path("account/first-password/", accounts.password_set, name="account_set_password"),
    path("account/second-step/", second_step.authenticate, name="mfa_authenticate"),
    path("account/second-step/again/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-step/overview/", account, name="mfa_index"),
    path("account/second-step/app/", include("allauth.mfa.totp.urls")),
    path("account/second-step/codes/", include("allauth.mfa.recovery_codes.urls")),
]
