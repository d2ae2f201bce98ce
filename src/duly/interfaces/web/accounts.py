"""How allauth behaves here: people are added by an administrator, never by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Sign-in without sign-up. Messages of allauth are told by our own pages."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and password don't go together. Try again, or "
        "ask for a link that signs you in.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "incorrect_password": "That is not your password. Try again.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count tries per address and source, so that a stranger's lock out nobody but them."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: the page that follows shows what is."""

    def send_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing: this version has no way out for mail."""
