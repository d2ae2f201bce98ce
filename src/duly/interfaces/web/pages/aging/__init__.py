"""The aging: what is open, by age, on any day; the certificate that it ties out; its files."""

from duly.interfaces.web.pages.aging.views import urlpatterns

__all__ = ["urlpatterns"]
