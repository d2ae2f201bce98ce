"""The collector's desk: today's worklist, what is done about a customer, and who was left out."""

from duly.interfaces.web.pages.desk import acts, planning, silent, worklist

urlpatterns = [
    *worklist.urlpatterns,
    *planning.urlpatterns,
    *silent.urlpatterns,
    *acts.urlpatterns,
]

__all__ = ["urlpatterns"]
