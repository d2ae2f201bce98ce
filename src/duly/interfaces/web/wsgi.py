"""The WSGI application that a server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duly.settings")
application = get_wsgi_application()
