"""Statements for post, written in the background; the worker is one, so runs follow each other."""

from django_tasks import task

from duly.interfaces.exchange.statement_runs import carry_out_run
from duly.parties.queries import entities


@task()
def write_statements(entity_id: int, token: str) -> int:
    """Carry out a run of statements; return how many it has."""
    entity = next(one for one in entities() if one.pk == entity_id)
    return carry_out_run(entity=entity, token=token).statements
