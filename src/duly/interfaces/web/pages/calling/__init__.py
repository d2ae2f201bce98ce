"""Calls: the workspace of one, and who is to be called when."""

from duly.interfaces.web.pages.calling import callbacks, sheet

urlpatterns = [*sheet.urlpatterns, *callbacks.urlpatterns]

__all__ = ["urlpatterns"]
