"""How fast bank files of a million entries are read, against libraries and a bare scan.

    DULY_FLOOR_PYTHON=/tmp/floors/bin/python python bench/bank_reading.py --size 1000000

The files and what they are held against are those of ../shared/bench/limit_parse.py: the libraries
mt-940, bai2 and ofxtools, and for camt.053 expat with handlers written by hand. Ours are read to
proved entries, in a process of its own; count and sum are compared with what was written. Ratios
are of CPU seconds at `--library-size`, medians of `--times` runs in turns: libraries hold a file
whole, and a million entries would not fit.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure

FORMATS = {
    "camt.053": ("camt", "camt_expat", 0.45),
    "mt940": ("mt940_text", "mt940_lib", 5.0),
    "bai2": ("bai_text", "bai2_lib", 4.0),
    "ofx": ("ofx_text", "ofxtools", 4.0),
}
MOST_MB = 300
_WRITE = """
import argparse, limit_parse, sys
said = argparse.Namespace(size=int(sys.argv[2]), seed=7)
data = getattr(limit_parse, sys.argv[1])(said)
with open(sys.argv[3], "wb") as file:
    file.write(data if isinstance(data, bytes) else data.encode())
print(limit_parse.total(said))
"""


def write(maker: str, size: int, path: Path) -> int:
    """Write a file; return what its entries make."""
    done = subprocess.run(
        [sys.executable, "-c", _WRITE, maker, str(size), str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=measure.FLOORS,
    )
    return int(done.stdout)


def read(path: Path) -> dict[str, float]:
    """Read a file here: CPU seconds, memory, entries, their sum, problems."""
    sys.path.insert(0, str(measure.ROOT / "src"))
    from duly.cash_application.rules.statements import Entry
    from duly.interfaces.exchange.readers.bank.opening import open_bank_files, reader_of
    from duly.kernel.errors import Problem

    (file,) = open_bank_files(path, path.name)
    reader_of(file.format)  # libraries are loaded before they are measured, too
    count = total = problems = 0
    begun = time.process_time()
    for event in file.events():
        kind = type(event)
        if kind is Entry:
            count += 1
            total += event.minor
        elif kind is Problem:
            problems += 1
    taken = time.process_time() - begun
    return {
        "cpu_s": taken,
        "entries": count,
        "minor": total,
        "problems": problems,
        "peak_mb": measure.peak_mb(),
    }


def apart(path: Path) -> dict[str, float]:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--read", str(path)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


def compare(format: str, arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    """One format: the whole file, then turns at the size that the libraries can hold."""
    maker, engine, asked = FORMATS[format]
    path, small = folder / "whole", folder / "small"
    written = write(maker, arguments.size, path)
    whole = apart(path)
    size = path.stat().st_size
    path.unlink()
    if (whole["entries"], whole["minor"], whole["problems"]) != (arguments.size, written, 0):
        raise SystemExit(f"{format}: not what was written: {whole}")
    write(maker, arguments.library_size, small)
    ours, theirs = [], []
    for _ in range(arguments.times):
        ours.append(apart(small)["cpu_s"])
        theirs.append(measure.floor("limit_parse.py", engine, arguments.library_size)["cpu_s"][0])
    small.unlink()
    ratios = [them / us for us, them in zip(ours, theirs, strict=True)]
    return {
        "entries_per_cpu_s": round(arguments.size / whole["cpu_s"]),
        "mb_per_cpu_s": round(size / 1e6 / whole["cpu_s"], 1),
        "peak_mb": whole["peak_mb"],
        "against": engine,
        "ratio": round(statistics.median(ratios), 2),
        "ratios": [round(one, 2) for one in ratios],
        "asked": asked,
        "holds": statistics.median(ratios) >= asked and whole["peak_mb"] < MOST_MB,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--library-size", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        print(json.dumps(read(arguments.read)))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("PERF_DATA", folder)
        for format in [arguments.format] if arguments.format else FORMATS:
            found = compare(format, arguments, Path(folder))
            measure.tell("bank_reading", format=format, size=arguments.size, **found)


if __name__ == "__main__":
    main()
