"""What the benchmarks share: an installation of their own, CPU of both sides, ratios told as JSON.

CPU seconds count this process and, with PostgreSQL, its server: they are steady on a busy
machine, where wall seconds are not.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT.parent / "shared" / "bench"
TICKS = os.sysconf("SC_CLK_TCK")


def open_installation() -> None:
    """Point Django at DULY_HOME (default: a new temporary folder) and DULY_DATABASE_URL."""
    os.environ.setdefault("DULY_HOME", tempfile.mkdtemp(prefix="duly-bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "duly.settings"
    sys.path.insert(0, str(ROOT / "src"))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def is_postgres() -> bool:
    """Tell whether this run is on PostgreSQL."""
    return os.environ.get("DULY_DATABASE_URL", "").startswith("postgres")


def server_cpu_s() -> float:
    """CPU seconds so far of the local PostgreSQL server (its first process and all children)."""
    if not is_postgres():
        return 0.0
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    first = _stat(str(backend))[1]
    total = sum(map(int, _stat(first)[11:15]))
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = _stat(name)
            except OSError:
                continue
            if stat[1] == first:
                total += int(stat[11]) + int(stat[12])
    return total / TICKS


def tree_cpu_s(pid: int) -> float:
    """CPU seconds so far of a process that runs and of what it started."""
    parents, ticks = {}, {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = _stat(name)
            except OSError:
                continue
            parents[int(name)], ticks[int(name)] = int(stat[1]), sum(map(int, stat[11:13]))
    found, level = 0, {pid}
    while level:
        found += sum(ticks.get(one, 0) for one in level)
        level = {one for one, above in parents.items() if above in level}
    return found / TICKS


def _stat(pid: str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


class Cost:
    """What a piece of work took: wall and CPU seconds, with the server's."""

    wall_s = cpu_s = 0.0


@contextmanager
def costing() -> Iterator[Cost]:
    """Measure the block."""
    cost = Cost()
    server, cpu, wall = server_cpu_s(), time.process_time(), time.perf_counter()
    yield cost
    cost.wall_s = time.perf_counter() - wall
    cost.cpu_s = time.process_time() - cpu + server_cpu_s() - server


def median_ms(act: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile of wall milliseconds over `times` calls, after one unmeasured."""
    act()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.95))]


def peak_mb() -> int:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def floor(script: str, engine: str, size: int) -> dict[str, Any]:
    """One engine of a floor script of ../shared/bench at a size: what its JSON line says.

    The scripts need packages that Duly does not (../shared/bench/requirements.txt):
    DULY_FLOOR_PYTHON names the Python of an environment that has them.
    """
    environment = dict(os.environ)
    if is_postgres():
        url = urlsplit(os.environ["DULY_DATABASE_URL"])
        environment["PERF_PG"] = (
            f"host={url.hostname} port={url.port or 5432} user={url.username} "
            f"dbname={url.path.lstrip('/')}"
        )
    data = environment.setdefault("PERF_DATA", str(Path(tempfile.gettempdir()) / "duly-floors"))
    Path(data).mkdir(exist_ok=True)
    done = subprocess.run(
        [
            os.environ.get("DULY_FLOOR_PYTHON", sys.executable),
            str(FLOORS / script),
            "--size",
            str(size),
            "--only",
            engine,
        ],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=FLOORS,
    )
    return json.loads(done.stdout.splitlines()[-1])["results"][engine]


def tell(name: str, **figures: object) -> None:
    """Print one JSON line."""
    database = "postgresql" if is_postgres() else "sqlite"
    print(json.dumps({"bench": name, "database": database, **figures}), flush=True)
