"""`duly check`, seals included, over filled books.

DULY_HOME=/tmp/books python bench/check.py
"""

import argparse
from datetime import UTC, datetime

import fill
import measure


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers)

    from duly.interfaces.jobs.proving import prove_books

    with measure.costing() as cost:
        proofs = prove_books()
    measure.tell(
        "check",
        size=arguments.size,
        wall_s=round(cost.wall_s, 1),
        cpu_s=round(cost.cpu_s, 1),
        peak_mb=measure.peak_mb(),
        ok=not any(proof.violations for proof in proofs),
        checked={proof.id: proof.checked for proof in proofs},
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


if __name__ == "__main__":
    main()
