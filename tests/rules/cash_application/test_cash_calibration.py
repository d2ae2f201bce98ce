"""Of what is said at 0.99, 99 in 100 are right: on a made-up company with a seed of its own."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "bench"
SEED = 2_701


@pytest.fixture(scope="module")
def calibration() -> Iterator[ModuleType]:
    """The harness of bench/, beside the benchmark that makes the company."""
    sys.path[:0] = [str(ROOT / "bench"), str(SHARED)]
    try:
        yield importlib.import_module("calibration")
    finally:
        del sys.path[:2]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the benchmark of ../shared/bench is not here")
def test_what_is_said_at_99_is_right_in_99_of_100(calibration: ModuleType) -> None:
    count = right = sure = 0
    for level in ("standard", "hard"):
        for told in calibration.World(SEED, level, 110, 120).answers(50):
            count += 1
            if told.proposal.confidence >= calibration.BANDS[2]:
                sure += 1
                right += told.is_right
    assert count > 500
    assert sure > 0.8 * count  # it doesn't hide in saying nothing
    assert right >= 0.99 * sure
