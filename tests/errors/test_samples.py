"""Every refusal can be brought about, and then says what is and what to do."""

import importlib
import json
import re
from pathlib import Path

import pytest
from tests.architecture.sources import modules
from tests.errors.desk import Desk
from tests.errors.samples import SAMPLES, WITHOUT_SAMPLE

from duly.kernel.errors import Defect, DulyError, all_codes

EXCUSED = {code for codes in WITHOUT_SAMPLE.values() for code in codes}


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_a_refusal_says_what_is_and_what_to_do(code: str, tmp_path: Path) -> None:
    with pytest.raises(DulyError) as told:
        SAMPLES[code](Desk(tmp_path))
    error = told.value
    problems = {one["code"]: one for one in error.facts.get("problems", [])}
    if error.code == "ROWS_REJECTED" != code:
        assert problems[code]["where"].startswith("row ")
        assert problems[code]["message"].endswith((".", "?"))
        return
    assert error.code == code
    assert isinstance(error, Defect) or re.search(r"[.?)]$", error.message), error.message
    assert "!" not in error.message + error.remedy
    json.dumps(error.facts, allow_nan=False)


def test_every_code_has_a_sample() -> None:
    for module in modules():
        if module.parts[-1] not in {"__main__", "wsgi"} and module.layer != "world":
            name = ".".join(part for part in module.parts if part != "__init__")
            importlib.import_module(f"duly.{name}".rstrip("."))
    codes = set(all_codes())
    assert codes - EXCUSED - set(SAMPLES) == set()
    assert EXCUSED - codes == set()
