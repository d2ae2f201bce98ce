"""One module a page: views, and `urlpatterns` that `web/urls.py` takes up."""
