"""A policy that was kept and is refused now is cured by a new version of it."""

import pytest

from collecting import TODAY, CollectionsDesk, desk, mail  # noqa: F401
from duly.collections.errors import PolicyUnfit
from duly.collections.models import PolicyVersion
from duly.collections.queries.policies import policies_on
from duly.parties.queries import entity
from shell import duly, write

FIRM = 'name = "firm"\n[[steps]]\ncode = "one"\ndays = 3\ntemplate = "friendly"\n'


def test_a_new_version_cures_what_is_refused_now(desk: CollectionsDesk) -> None:  # noqa: F811
    duly("policy", "set", write(desk.folder, "firm.toml", FIRM), "--from", TODAY)
    row = PolicyVersion.objects.get()
    row.document["steps"][0]["is_final"] = "true"
    row.save()
    with pytest.raises(PolicyUnfit):
        policies_on(entity(None).pk, TODAY)
    duly("policy", "set", write(desk.folder, "firm.toml", FIRM), "--from", TODAY)
    assert policies_on(entity(None).pk, TODAY)["firm"].version == 2
