"""What the log says of a request: no secret that stands in an address, and no endless line."""

import copy
import logging
import re

LONGEST = 200
# A sign-in link, an upload and links for people outside are opened by whoever knows the address.
_SECRET = re.compile(r"(/enter/|/import/files/|/apply/draft/|/guarantee/|/reference/)[^/\s]+")


class DiscreetFormatter(logging.Formatter):
    """Masks tokens in addresses, also in a trace, and cuts what a caller sent."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.") and isinstance(record.args, tuple):
            record = copy.copy(record)
            record.args = tuple(map(_cut, record.args or ()))
        return _SECRET.sub(r"\1...", super().format(record))


def _cut(told: object) -> object:
    return told[:LONGEST] + "..." if isinstance(told, str) and len(told) > LONGEST else told
