"""Everything that can be tested on this machine, and word of what could not: `make test`.

    python tests/suite.py [--complete] [PYTEST ARGUMENTS]

The suite on SQLite; then what touches a database once more on PostgreSQL, where its server is
installed. `--complete` tries more examples, kills processes, has axe look at every page, and tries
files, pages and stories on PostgreSQL too; it fails where anything was left out or skipped, as
continuous integration must: what did not run has not passed. Only tests that read the public files
kept in ../shared/data may be skipped, and only where that folder is not there.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from databases import environment_for, postgres_binaries, private_postgres

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
# A file of tests goes to one worker whole: what it sets up, it sets up once.
PARALLEL = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
NO_POSTGRES = "no PostgreSQL server is installed (Debian: apt-get install postgresql)"


def run(title: str, environment: dict[str, str], arguments: list[str]) -> tuple[bool, list[str]]:
    """Run pytest once; return whether it passed, and the reason of every skipped test."""
    print(f"\n{title}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "skipped.json"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-r", "fE", *PARALLEL, *arguments],
            cwd=ROOT,
            env=environment | {"DULY_SKIPPED_FILE": str(told)},
        )
        skipped = json.loads(told.read_text()) if told.exists() else []
    return done.returncode == 0, [one["reason"] for one in skipped]


def main() -> None:
    """Run what can run; tell what could not; end with 1 where something failed."""
    is_complete = "--complete" in sys.argv[1:]
    arguments = [one for one in sys.argv[1:] if one != "--complete"]
    if not is_complete:
        os.environ["DULY_QUICK"] = "1"
    passed, skipped = run("On SQLite", dict(os.environ), arguments)
    left_out = [f"{count} skipped: {reason}" for reason, count in Counter(skipped).items()]
    binaries = postgres_binaries()
    if binaries is None:
        left_out.append(f"everything on PostgreSQL: {NO_POSTGRES}")
    else:
        with private_postgres(binaries) as server:
            environment = environment_for(server, binaries)
            also_passed, skipped = run("On PostgreSQL", environment, arguments)
        passed = passed and also_passed
        left_out += [f"{n} skipped: {why} (PostgreSQL)" for why, n in Counter(skipped).items()]
        if not is_complete:
            left_out.append(
                "killed processes, axe on every page, more examples; on PostgreSQL pages, files,"
                " stories, a breach of each column: make test SUITE=--complete"
            )
    print("\nNot run here:" if left_out else "\nNothing was left out.")
    for line in left_out:
        print(f"  {line}")
    unexcused = [line for line in left_out if SHARED.is_dir() or "../shared" not in line]
    if is_complete and unexcused:
        print(f"Here all of it must run; {len(unexcused)} of these lines are no excuse.")
        passed = False
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
