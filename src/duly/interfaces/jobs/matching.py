"""Matching of a large book, behind the page; the worker is one, so runs follow each other."""

from datetime import UTC, datetime

from django_tasks import task

from duly.interfaces.exchange.match_runs import carry_out_match_run
from duly.parties.queries import entities


@task()
def match_money(entity_id: int, token: str) -> int:
    """Carry out a run of matching; return how many payments were applied."""
    entity = next(one for one in entities() if one.pk == entity_id)
    return carry_out_match_run(entity=entity, token=token, at=datetime.now(UTC)).applied
