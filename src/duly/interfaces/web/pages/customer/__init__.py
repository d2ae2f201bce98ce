"""A customer: what it owes on any day, who it is, and everything that happened with it."""

from duly.interfaces.web.pages.customer.views import urlpatterns

__all__ = ["urlpatterns"]
