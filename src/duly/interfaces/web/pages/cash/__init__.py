"""Cash: what came in at the bank, matched line by line; what was matched; what is not applied."""

from duly.interfaces.web.pages.cash import (
    acts,
    advices,
    differences,
    knobs,
    matched,
    payers,
    rates,
    running,
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
    *advices.urlpatterns,
    *knobs.urlpatterns,
    *running.urlpatterns,
]

__all__ = ["urlpatterns"]
