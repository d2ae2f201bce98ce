"""What is imported is required, what is required is used, and all of it is locked by hash."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.sources import ROOT, modules

from duly import settings

NAMED = re.compile(r"^([A-Za-z0-9._-]+)")
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

# Needed without being imported: drivers that Django loads by name, the time zones of machines
# without any, fonts of statements.
LOADED_BY_NAME = {
    "fontpkg-heebo",
    "fontpkg-noto-sans-arabic",
    "fontpkg-noto-sans-devanagari",
    "fontpkg-noto-sans-thai",
    "noto-cjk-sans-jp-regular",
    "psycopg",
    "tzdata",
}

# Imported by the name it has until Django 6 brings it: an extra of django-tasks-db asks for it.
COMES_ALONG = {"django-tasks"}


def plain(name: str) -> str:
    """A distribution's name as indexes compare them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {plain(NAMED.match(line)[1]) for line in project["dependencies"]}


def imported() -> set[str]:
    """Top-level modules that Duly imports, without its own and Python's."""
    found = {name.split(".")[0] for name in settings.INSTALLED_APPS + settings.MIDDLEWARE}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"duly"}


def test_every_import_comes_from_a_requirement() -> None:
    owners = packages_distributions()
    missing = {
        name
        for name in imported()
        if not {plain(owner) for owner in owners.get(name, [])} & (required() | COMES_ALONG)
    }
    assert missing == set()


def test_every_requirement_is_used() -> None:
    owners = packages_distributions()
    used = {plain(owner) for name in imported() for owner in owners.get(name, [])}
    assert required() - used - LOADED_BY_NAME == set()


def test_every_requirement_is_locked_with_hashes() -> None:
    assert [path.name for path in LOCKS] == ["build.txt", "run.txt", "test.txt"]
    for lock in LOCKS:
        parts = re.split(r"\n(?=\S)", lock.read_text().strip())
        assert [part for part in parts if "--hash=sha256:" not in part] == []
    locked = re.findall(NAMED.pattern, (ROOT / "requirements" / "run.txt").read_text(), re.M)
    assert required() <= {plain(name) for name in locked}


def test_no_lock_names_where_it_came_from() -> None:
    assert [path.name for path in LOCKS if re.search(r"://|--index", path.read_text())] == []
