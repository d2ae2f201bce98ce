"""How files of a form reach the server: to disk, and no more of them than one upload may bring."""

from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from duly.credit.queries.links import link_behind
from duly.credit.rules.links import DRAFT
from duly.interfaces.exchange.uploads import MOST_BYTES, MOST_FILES
from duly.interfaces.web.current import now
from duly.kernel.errors import Refusal

# Names of addresses.
TAKES_FILES = {
    *("import_arrive", "import_more", "statements_copies", "statements_logo"),
    *("dispute_attach", "dispute_reasons_file", "credit_fill_documents"),
    *("credit_file_customer", "credit_file_request"),
}
READ_OUT_BYTES = 8 * MOST_BYTES  # so much is read to its end, so that the browser gets an answer


MOST_FROM_OUTSIDE = 25 * 1024 * 1024


def _is_let_in(asked: Any) -> bool:
    """Tell whether who sends files has the link of a draft that they belong to."""
    if asked is None or asked.view_name != "portal:documents":
        return False
    try:
        link_behind(purpose=DRAFT, secret=asked.kwargs["secret"], at=now())
    except Refusal:
        return False
    return True


class LimitedUpload(TemporaryFileUploadHandler):
    """Takes files on the pages that ask for them only, from whoever is signed in or has a link.

    Stops where an upload is too big; `request.too_big` is the name of the file it stopped at.

    What came before stays: the form's token is there, and the view says what the limit is.
    """

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Note how much is announced, before anything is read."""
        self._is_endless = content_length > READ_OUT_BYTES
        self._bytes = self._files = 0

    def new_file(self, field_name: str, file_name: str, *more: Any, **named: Any) -> None:
        """Begin a file, unless none is taken here, or there were enough of them."""
        asked = self.request.resolver_match
        is_expected = asked is not None and asked.url_name in TAKES_FILES
        is_ours = is_expected and self.request.user.is_authenticated
        self._most = MOST_BYTES if is_ours else MOST_FROM_OUTSIDE
        if not is_ours and not _is_let_in(asked):
            raise StopUpload(connection_reset=True)  # nothing more is read
        self._files += 1
        self._name = file_name
        if self._files > MOST_FILES:
            self._stop()
        super().new_file(field_name, file_name, *more, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take some bytes, unless that makes too many."""
        self._bytes += len(raw_data)
        if self._bytes > self._most:
            self._stop()
        super().receive_data_chunk(raw_data, start)

    def _stop(self) -> None:
        self.request.too_big = self._name
        raise StopUpload(connection_reset=self._is_endless)
