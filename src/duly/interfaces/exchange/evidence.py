"""The bytes of banks' files, of remittances and of back-up documents, kept as they came.

What a line in the books, or the verdict of a dispute, goes back to.

Files lie in DULY_HOME/evidence under the digest of what they hold, each once; a bank statement, an
advice or a dispute names the digest of the file that told it.
"""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from duly.cash_application.queries import files_told
from duly.intake.rules.columns import BANK
from duly.intake.rules.sheet import Sheet
from duly.interfaces.exchange.writers.tables import replacing
from duly.kernel.errors import Outage
from duly.kernel.proofs import MOST_VIOLATIONS, Proof


def keep_evidence(files: Iterable[tuple[Path, str]], sheets: Sequence[tuple[Sheet, str]]) -> None:
    """Keep those of some files (where each lies, its digest) that sheets of a bank came from.

    Called before an import is committed: a line without its evidence there never is; evidence
    without a line may be, after a crash between the two, and does no harm.
    Refuses: Outage when the disk takes no more.
    """
    wanted = {digest for sheet, digest in sheets if sheet.kind == BANK.name}
    for path, digest in files:
        if digest in wanted:
            keep_bytes(path, digest)


def keep_bytes(path: Path, digest: str) -> None:
    """Keep the bytes of a file under their digest. Refuses: Outage when the disk takes no more."""
    place = evidence_of(digest)
    if place.exists():
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(place) as new:
            shutil.copyfile(path, new)
    except OSError as error:
        raise Outage(
            f"The file could not be kept: {error.strerror or error}.",
            remedy="See that the disk of DULY_HOME has room, then do it again.",
        ) from error


def evidence_of(sha256: str) -> Path:
    """Where the bytes of a file lie."""
    return Path(settings.HOME) / "evidence" / sha256[:2] / sha256


def prove_evidence() -> Proof:
    """I20: the bytes of each bank's file that statements came from are there, as they came."""
    told = files_told()
    violations: list[dict[str, object]] = [
        {"statement": statement, "sha256": sha256, "problem": problem}
        for sha256, statement in told.items()
        if (problem := _fault(sha256))
    ]
    return Proof(
        "I20",
        "The banks' files that statements came from are kept as they came",
        len(told),
        violations[:MOST_VIOLATIONS],
    )


def _fault(sha256: str) -> str:
    """What is wrong with a file kept under a digest; "" for nothing."""
    try:
        with evidence_of(sha256).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "the file is missing: bring it back from a copy of DULY_HOME"
    except OSError as error:
        return f"the file can't be read: {error.strerror or error}"
    return "" if found == sha256 else "the file holds other bytes than the bank sent"
