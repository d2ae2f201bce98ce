"""The invoice that a Factur-X or ZUGFeRD PDF carries as an attached XML file.

The pages are never read. All attachments together are unpacked up to the limit of an e-invoice and
no further, those that the standards name first.
"""

import logging
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pypdf import PdfReader, apply_configuration, get_configuration
from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import EmbeddedFile

from duly.interfaces.exchange.readers.einvoice.errors import (
    FileTooLarge,
    PdfUnreadable,
    PdfWithoutInvoice,
)
from duly.interfaces.exchange.readers.einvoice.parsing import MAX_BYTES, is_xml
from duly.kernel.quoting import quoted

# The names that the versions of ZUGFeRD, Factur-X and XRechnung lay down.
INVOICE_NAMES = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"})
_MAX_ATTACHMENTS = 200
LIMITS = get_configuration().with_overwrites(
    zlib_maximum_output_length=MAX_BYTES,
    lzw_maximum_output_length=MAX_BYTES,
    run_length_maximum_output_length=MAX_BYTES,
    array_based_stream_maximum_output_length=MAX_BYTES,
    maximum_declared_stream_length=MAX_BYTES,
)
# It warns of each small fault of a PDF; what matters to a person is in our refusals.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
# What pypdf raises on broken files, beside its own errors.
BROKEN = (
    PyPdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
)


class Attached(NamedTuple):
    """An XML file inside a PDF."""

    name: str
    data: bytes


def attached_xml(path: Path, name: str) -> list[Attached]:
    """The XML files in a PDF that can be its invoice, the names of the standards first.

    Refuses: PdfUnreadable, PdfWithoutInvoice where there is no XML, FileTooLarge.
    """
    try:
        with path.open("rb") as file, apply_configuration(LIMITS):
            return _attached(PdfReader(file, strict=False), name)
    except LimitReachedError:
        raise FileTooLarge(
            f"{name} unpacks to more than {MAX_BYTES} bytes.",
            facts={"file": name, "limit_bytes": MAX_BYTES},
            remedy="Ask the sender for the XML file alone.",
        ) from None
    except FileNotDecryptedError:
        raise _locked(name) from None
    except BROKEN as error:
        raise PdfUnreadable(
            f"{name} is no whole PDF: {quoted(str(error) or type(error).__name__, 120)}.",
            facts={"file": name},
            remedy="Download or export the PDF again.",
        ) from None


def _attached(reader: PdfReader, name: str) -> list[Attached]:
    if reader.is_encrypted:
        raise _locked(name)
    entries = [
        (entry.alternative_name or entry.name, entry)
        for entry in islice(_files_of(reader), _MAX_ATTACHMENTS)
    ]
    names = [called for called, _ in entries]
    found = _unpacked(entries)
    if not found:
        told = (
            f"It carries {', '.join(map(quoted, names[:5]))}." if names else "It carries no file."
        )
        raise PdfWithoutInvoice(
            f"{name} is a PDF without an invoice as XML. {told}",
            facts={"file": name, "attachments": names[:20]},
            remedy="Ask for the e-invoice (ZUGFeRD, Factur-X or XRechnung), or type the invoice "
            "into a table.",
        )
    return found


def _unpacked(entries: list[tuple[str, EmbeddedFile]]) -> list[Attached]:
    """The attachments that can be the invoice; where a standard's name is found, those alone.

    Refuses: LimitReachedError where they unpack to more than one e-invoice may.
    """
    found: dict[str, Attached] = {}
    size = 0
    has_named = False
    for called, entry in sorted(entries, key=lambda each: not _is_named(each[0])):
        if has_named and not _is_named(called):
            break
        if called in found or not called.lower().endswith(".xml"):
            continue
        data = entry.content
        size += len(data)
        if size > MAX_BYTES:
            raise LimitReachedError
        if is_xml(data):
            found[called] = Attached(called, data)
            has_named = _is_named(called)
    return list(found.values())


def _is_named(called: str) -> bool:
    return called.lower() in INVOICE_NAMES


def _files_of(reader: PdfReader) -> Iterator[EmbeddedFile]:
    """The attachments by the name tree, and by the list of associated files where there is none."""
    is_listed = False
    for entry in reader.attachment_list:
        is_listed = True
        yield entry
    if not is_listed:
        for reference in reader.root_object.get("/AF", []):
            entry = reference.get_object()
            yield EmbeddedFile(str(entry.get("/UF") or entry.get("/F") or ""), entry)


def _locked(name: str) -> PdfUnreadable:
    return PdfUnreadable(
        f"{name} is locked by a password.",
        facts={"file": name},
        remedy="Save it without a password, or ask the sender for the XML file.",
    )
