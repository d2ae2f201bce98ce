"""Financial statements on pages: spread in a grid, read as ratios, models and shares.

`statements_context` gives what `web/credit/statements_card.html` shows, on any page of a firm.
"""

from duly.interfaces.web.pages.spreading import grid, reading
from duly.interfaces.web.pages.spreading.shown import statements_context

urlpatterns = [*reading.urlpatterns, *grid.urlpatterns]

__all__ = ["statements_context", "urlpatterns"]
