"""The bytes of banks' files and of remittances, kept as they came: what a line goes back to.

Files lie in DULY_HOME/evidence under the digest of what they hold, each once; a bank statement, and
an advice, name the digest of the file that told it.
"""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from duly.intake.rules.columns import BANK
from duly.intake.rules.sheet import Sheet
from duly.interfaces.exchange.writers.tables import replacing
from duly.kernel.errors import Outage


def keep_evidence(files: Iterable[tuple[Path, str]], sheets: Sequence[tuple[Sheet, str]]) -> None:
    """Keep those of some files (where each lies, its digest) that sheets of a bank came from.

    Called before an import is committed: a line without its evidence there never is; evidence
    without a line may be, after a crash between the two, and does no harm.
    Refuses: Outage when the disk takes no more.
    """
    wanted = {digest for sheet, digest in sheets if sheet.kind == BANK.name}
    for path, digest in files:
        if digest in wanted:
            keep_bytes(path, digest, "bank's file")


def keep_bytes(path: Path, sha256: str, what: str) -> None:
    """Keep what lies at a path under its digest, if it is not kept yet.

    Refuses: Outage when the disk takes no more; `what` says of what.
    """
    place = evidence_of(sha256)
    if place.exists():
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(place) as new:
            shutil.copyfile(path, new)
    except OSError as error:
        raise Outage(
            f"The {what} could not be kept: {error.strerror or error}.",
            remedy="See that the disk of DULY_HOME has room, then import it again.",
        ) from error


def evidence_of(sha256: str) -> Path:
    """Where the bytes of a file lie."""
    return Path(settings.HOME) / "evidence" / sha256[:2] / sha256
