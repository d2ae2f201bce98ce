"""Places where a test may kill the process, as a power cut would.

`DULY_FAILPOINT=name` ends the process with SIGKILL when it comes to that place. Without the
variable a failpoint is a comparison of two strings. The names are listed here.
"""

import os
import signal

NAMES = (
    "import.block_written",
    "import.file_written",
    "import.before_commit",
    "post.entries_written",
    "seal.before_write",
    "write.after_commit",  # committed, and nobody told yet
    "day.steps_written",
    "hand.claimed",
    "hand.answered",
    "mail.taken_in",
    "statements.placed",
)


def failpoint(name: str) -> None:
    """Die here when the environment says so."""
    if os.environ.get("DULY_FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
