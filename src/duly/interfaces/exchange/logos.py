"""Our logo on letters: an image that is read, made small, and written anew as PNG.

What was sent is never served or printed as it came: only pixels get through.
"""

import hashlib
import struct
import warnings
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from duly.access.actions import Author
from duly.interfaces.exchange.writers.tables import replacing
from duly.kernel.errors import Malformed
from duly.parties.actions import save_entity
from duly.parties.models import Entity

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIZE = (900, 240)  # in pixels: 60 by 16 millimetres at 380 dpi
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


class LogoUnfit(Malformed):
    """What was given as a logo is no image, or too large."""

    code = "LOGO_UNFIT"


def keep_logo(*, entity: Entity, data: bytes, author: Author) -> Entity:
    """Put an image on letters; nothing takes the logo off. Refuses: LogoUnfit."""
    digest = ""
    if data:
        drawn = _drawn(data)
        digest = hashlib.sha256(drawn).hexdigest()
        place = _place(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        with replacing(place) as new:
            new.write_bytes(drawn)
    return save_entity(author=author, entity_id=entity.pk, values={"logo": digest})


def logo_of(entity: Entity) -> bytes:
    """The logo as PNG; nothing where there is none, or its file is gone."""
    try:
        return _place(entity.logo).read_bytes() if entity.logo else b""
    except OSError:
        return b""


def _drawn(data: bytes) -> bytes:
    """The image on white, no larger than letters need it."""
    if len(data) > MOST_BYTES:
        raise _unfit("The image has more than 5 MiB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            given = Image.open(BytesIO(data), formats=FORMATS)
        if given.width * given.height > MOST_PIXELS:
            raise _unfit("The image has more than 40 million pixels.")
        image = given.convert("RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,  # what Pillow says of damaged PNG files
        IndexError,
        struct.error,
    ) as error:
        raise _unfit("What was given is no image that can be read.") from error
    image.thumbnail(SIZE)
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    out = BytesIO()
    white.save(out, "PNG", optimize=True)
    return out.getvalue()


def _unfit(message: str) -> LogoUnfit:
    return LogoUnfit(message, remedy="Give a PNG or JPEG of the logo, up to 5 MiB.")


def _place(digest: str) -> Path:
    return Path(settings.HOME) / "logos" / f"{digest}.png"
