"""Names of static files that change with their content, so that browsers may keep them a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@lru_cache(maxsize=256)
def _mark(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"No static file is named {name}.")
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


class MarkedStorage(StaticFilesStorage):
    """Puts a mark of the content behind each address; nothing is copied or collected."""

    def url(self, name: str | None, force: bool = False) -> str:
        address = super().url(name)
        if not name or settings.DEBUG:
            return address
        return f"{address}?v={_mark(name)}"
