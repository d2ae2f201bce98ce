"""The portal, as Django knows it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that strangers open."""

    name = "duly.interfaces.portal"
    label = "portal"
