"""A refusal of each kind that limits and decisions of credit can meet."""

from collections.abc import Callable

from tests.errors.desk import Desk


def _no_json(desk: Desk) -> None:
    path = desk.folder / "facts.json"
    path.write_text("{")
    desk.run("credit", "limit", str(path))


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "LIMIT_FACTS_UNFIT": _no_json,
}
