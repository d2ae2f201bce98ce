"""Why a whole file is no e-invoice that we can read. Faults inside an invoice are problems."""

from duly.kernel.errors import Malformed


class NotEInvoice(Malformed):
    """A readable file that is some other document, or none that we know."""

    code = "NOT_EINVOICE"


class XmlUnreadable(Malformed):
    """XML that is broken, or nested beyond what an invoice needs."""

    code = "XML_UNREADABLE"


class XmlForbidden(Malformed):
    """XML with a document type declaration, by which files are read and memory is filled."""

    code = "XML_FORBIDDEN"


class FileTooLarge(Malformed):
    """More bytes than an e-invoice may have, packed or unpacked."""

    code = "FILE_TOO_LARGE"


class PdfUnreadable(Malformed):
    """A PDF that is broken or locked by a password."""

    code = "PDF_UNREADABLE"


class PdfWithoutInvoice(Malformed):
    """A PDF that carries no invoice as XML, or more than one."""

    code = "PDF_WITHOUT_INVOICE"
