"""The web app, as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for people who work with receivables."""

    name = "duly.interfaces.web"
    label = "web"
