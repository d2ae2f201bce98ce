"""Which scripts there are."""

from functools import cache

from duly.collections.errors import ScriptUnknown
from duly.collections.models import ScriptVersion
from duly.collections.queries.excuses import pack
from duly.collections.rules.scripts import BROKEN, STAGES, Script, pick, read_script


@cache
def _shipped() -> tuple[Script, ...]:
    return tuple(read_script(row) for row in pack("scripts")["script"])


def scripts_of(entity_id: int) -> list[Script]:
    """The newest version of each of the firm's own, and those that come with Duly."""
    rows = ScriptVersion.objects.filter(entity_id=entity_id).order_by("version")
    newest = {(row.stage, row.segment, row.language): row for row in rows}
    own = [read_script(row.document, version=row.version) for row in newest.values()]
    return [*own, *_shipped()]


def script_named(entity_id: int, stage: str, segment: str, language: str) -> Script:
    """The script that is spoken there. Refuses: ScriptUnknown."""
    found = pick(scripts_of(entity_id), stage=stage, segment=segment, language=language)
    if found is None:
        raise ScriptUnknown(
            f"There is no script for {stage!r}.",
            facts={"stage": stage, "stages": [*STAGES, BROKEN]},
            remedy="Look at `duly script list`.",
        )
    return found


@cache
def words_of_confirmation(language: str) -> dict[str, str]:
    """What confirms a call in writing, in a language."""
    found: dict[str, str] = pack("confirmations")[language]
    return found
