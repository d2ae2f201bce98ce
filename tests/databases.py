"""A private PostgreSQL server for a run of tests, thrown away after it.

    python tests/databases.py [--as-installation] -- COMMAND...

runs a command with `DULY_TEST_POSTGRES` and `DULY_ACCEPT_POSTGRES` naming the server; with
`--as-installation` also with `DULY_DATABASE_URL` naming an empty database on it, and with its
durability on, for measurements. It needs PostgreSQL's own binaries and no rights: PostgreSQL
refuses to run as root, so root lends the server the user `nobody`.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_USER = "nobody"
SETTINGS = {"max_connections": "60", "listen_addresses": "127.0.0.1"}
FORGETFUL = {  # nobody wants this data after a power cut
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
}
DURABLE = {"shared_buffers": "1GB", "max_wal_size": "4GB"}


def postgres_binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: on PATH or where Debian puts them; newest first."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(versions, key=lambda path: float(path.parent.parent.name), reverse=True)
    return found[0].parent if found else None


@contextmanager
def private_postgres(binaries: Path, *, is_durable: bool = False) -> Iterator[str]:
    """Start a server of our own; yield its address, `postgres://user@127.0.0.1:port`."""
    chosen = SETTINGS | (DURABLE if is_durable else FORGETFUL)
    folder = Path(tempfile.mkdtemp(prefix="duly-postgres-"))
    port = _free_port()
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
        as_user = ["runuser", "-u", SERVER_USER, "--"]
    data = folder / "data"
    try:
        subprocess.run(
            [*as_user, binaries / "initdb", "-D", data, "-U", "duly", "-A", "trust", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        settings = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        command = [*as_user, binaries / "postgres", "-D", data, "-k", folder, "-p", str(port)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([*command, *settings], stdout=log, stderr=log, cwd=folder)
        try:
            _wait_until_ready(port, server, folder / "log")
            yield f"postgres://duly@127.0.0.1:{port}"
        finally:
            subprocess.run(
                [*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
                stdout=subprocess.DEVNULL,
                cwd=folder,
            )
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once:\n{log.read_text()}")
        try:
            psycopg.connect(f"postgres://duly@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL didn't answer within 30 seconds:\n{log.read_text()}")


def make_database(server: str, name: str) -> None:
    """Make an empty database."""
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]


def environment_for(server: str, binaries: Path) -> dict[str, str]:
    """This process's environment, with the server named and its tools on PATH."""
    return {
        **os.environ,
        "DULY_TEST_POSTGRES": server,
        "DULY_ACCEPT_POSTGRES": server,
        "PATH": f"{os.environ.get('PATH', '')}{os.pathsep}{binaries}",
    }


def main() -> None:
    """Run a command beside a private server; end with its exit code."""
    is_installation = sys.argv[1:2] == ["--as-installation"]
    mark, *command = sys.argv[2 if is_installation else 1 :] or [""]
    if mark != "--" or not command:
        sys.exit(__doc__)
    binaries = postgres_binaries()
    if binaries is None:
        sys.exit("No PostgreSQL server is installed here (Debian: apt-get install postgresql).")
    with private_postgres(binaries, is_durable=is_installation) as server:
        environment = environment_for(server, binaries)
        if is_installation:
            make_database(server, "duly")
            environment["DULY_DATABASE_URL"] = f"{server}/duly"
        done = subprocess.run(command, env=environment)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
