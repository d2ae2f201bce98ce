"""Files that come in through a browser: kept in the home, looked at, previewed, written once.

Between its pages an upload lies in a folder of its own in DULY_HOME, under numbers and not under
the names that somebody else chose. Written or thrown away, its files go: an import keeps the
SHA-256 by which the original can be recognised.
"""

from duly.interfaces.exchange.uploads.keeping import (
    MOST_BYTES,
    MOST_FILES,
    add_files,
    choose,
    folder,
    leave_out,
    map_file,
    progress,
    receive,
    refuse_too_big,
    sweep,
    throw_away,
)
from duly.interfaces.exchange.uploads.planning import Plan, Seen, check, commit, key_of, plan_of

__all__ = [
    "MOST_BYTES",
    "MOST_FILES",
    "Plan",
    "Seen",
    "add_files",
    "check",
    "choose",
    "commit",
    "folder",
    "key_of",
    "leave_out",
    "map_file",
    "plan_of",
    "progress",
    "receive",
    "refuse_too_big",
    "sweep",
    "throw_away",
]
