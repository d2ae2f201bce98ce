"""Cash: what came in at the bank, matched line by line; what was matched; what is not applied."""

from duly.interfaces.web.pages.cash import (
    acts,
    differences,
    matched,
    payers,
    rates,
    unapplied,
    undoing,
    working,
)

urlpatterns = [
    *working.urlpatterns,
    *acts.urlpatterns,
    *undoing.urlpatterns,
    *matched.urlpatterns,
    *unapplied.urlpatterns,
    *payers.urlpatterns,
    *rates.urlpatterns,
    *differences.urlpatterns,
]

__all__ = ["urlpatterns"]
