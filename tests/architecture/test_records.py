"""What imports can't show of the records: keys point down, and only actions write."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from tests.architecture.sources import CONTEXTS, LAYERS, Module, modules, name_of

WRITES = {
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "delete",
    "insert_rows",
    "insert_row",
    "add_up",
}
STATEMENT = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|DROP|ALTER)\s", re.ASCII)

# Rows that are no record of Duly's.
ALLOWED = {
    "interfaces/exchange/enclosing.py": {"save"},  # a PDF
    "interfaces/exchange/logos.py": {"save"},  # a picture
    "interfaces/exchange/writers/statements/running.py": {"save"},  # a PDF
    "interfaces/jobs/worker.py": {"save"},  # tasks of django_tasks_db, handed back after a crash
}


def writes_in(module: Module) -> Iterator[tuple[int, str]]:
    """Line and name of each write. A dictionary's `update` takes no keywords, a queryset's does."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = name_of(node)
            if name in WRITES or (name == "update" and node.keywords and not node.args):
                yield node.lineno, name
        elif isinstance(node, ast.Constant) and STATEMENT.match(str(node.value)):
            yield node.lineno, str(node.value).split()[0]


def may_write(module: Module) -> bool:
    """Actions write, through storage."""
    is_action = module.layer in CONTEXTS and module.parts[1] == "actions"
    return is_action or module.layer == "storage"


def points_up(source: type[models.Model], target: type[models.Model]) -> bool:
    """Tell whether a key from one model to the other leads to a higher layer."""
    places = {name: place for place, name in enumerate(LAYERS)}
    return places.get(target._meta.app_label, -1) > places[source._meta.app_label]


def test_nothing_writes_outside_actions() -> None:
    found = [
        f"{module.path}:{line} {name}"
        for module in modules()
        if not may_write(module)
        for line, name in writes_in(module)
        if name not in ALLOWED.get(module.path, ())
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "row.save()",
        "Item.objects.create(number='1')",
        "Item.objects.filter(pk=1).update(open_minor=0)",
        "Item.objects.all().delete()",
        "Item.objects.bulk_create(rows)",
        "bulk.insert_rows(Item, rows)",
        "cursor.execute('UPDATE receivables_item SET open_minor = 0')",
        "cursor.execute(f'DELETE FROM {table}')",
    ],
)
def test_a_planted_write_is_found(line: str) -> None:
    assert list(writes_in(Module("receivables/queries/items.py", line)))


@pytest.mark.parametrize("line", ["found.update(other)", "digest.update(b'x')", "names.add(1)"])
def test_a_dictionary_is_no_record(line: str) -> None:
    assert not list(writes_in(Module("receivables/queries/items.py", line)))


def test_who_may_write() -> None:
    assert may_write(Module("receivables/actions/issuing.py", ""))
    assert not may_write(Module("receivables/queries/actions.py", ""))
    assert not may_write(Module("interfaces/web/actions.py", ""))


def test_no_key_points_up() -> None:
    found = [
        f"{model._meta.label}.{field.name}"
        for context in CONTEXTS
        for model in apps.get_app_config(context).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and points_up(model, field.related_model)
    ]
    assert found == []


def test_a_key_that_points_up_is_found() -> None:
    item = apps.get_model("receivables", "Item")
    customer = apps.get_model("parties", "Customer")
    assert points_up(customer, item)
    assert not points_up(item, customer)
    assert not points_up(customer, customer)


def test_no_signals_and_no_save_of_our_own() -> None:
    """A write happens where it is written, not because of another."""
    found = [
        f"{module.path}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if (module.parts[-1] == "models" and getattr(node, "name", "") in {"save", "delete"})
        or (isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals")
    ]
    assert found == []


def test_storage_alone_asks_which_database_it_is() -> None:
    found = [
        module.path
        for module in modules()
        if module.layer not in ("storage", "settings") and ".vendor" in module.text
    ]
    assert found == []
