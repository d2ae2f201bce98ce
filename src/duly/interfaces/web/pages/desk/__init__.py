"""The collector's desk: today's worklist, what is done about a customer, and who was left out."""

from duly.interfaces.web.pages.desk import acts, planning, several, silent, worklist

urlpatterns = [
    *worklist.urlpatterns,
    *planning.urlpatterns,
    *silent.urlpatterns,
    *acts.urlpatterns,
    *several.urlpatterns,
]

__all__ = ["urlpatterns"]
