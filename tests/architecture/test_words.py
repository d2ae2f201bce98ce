"""Every record and every verb has its word in GLOSSARY.md, and verbs are named as verbs."""

import ast
import importlib
import inspect
import re

from tests.architecture.sources import CONTEXTS, ROOT, Module, modules

BASES = {"Model", "AbstractBaseUser"}
GLOSSARY = (ROOT / "GLOSSARY.md").read_text()


def words_of(name: str) -> str:
    """`CustomerBalance` as people say it."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def records() -> list[str]:
    """Classes of each context's models, but managers."""
    return [
        node.name
        for module in modules()
        if module.layer in CONTEXTS and module.parts[1] == "models"
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
        and BASES & {ast.unparse(base).split(".")[-1] for base in node.bases}
    ]


def verbs(module: Module) -> list[ast.FunctionDef]:
    """Public functions at the top of an actions module."""
    return [
        node
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def action_modules() -> list[Module]:
    return [m for m in modules() if m.layer in CONTEXTS and m.parts[1] == "actions"]


def is_told(term: str) -> bool:
    """Tell whether a term heads a row, alone or beside others."""
    return any(
        term in [part.strip() for part in line.split("|")[1].replace("`", "").split(",")]
        for line in GLOSSARY.splitlines()
        if line.startswith("| ")
    )


def test_every_record_has_its_word() -> None:
    assert len(records()) > 20
    assert [name for name in records() if not is_told(words_of(name))] == []


def test_every_verb_has_its_word() -> None:
    found = [verb.name for module in action_modules() for verb in verbs(module)]
    assert len(found) > 20
    assert [name for name in found if not is_told(name)] == []


def test_the_glossary_knows_no_verb_that_is_gone() -> None:
    there = {verb.name for module in action_modules() for verb in verbs(module)}
    told = set(re.findall(r"`(\w+)`", GLOSSARY.split("## Verbs")[1]))
    assert told - there == set()


def test_verbs_take_keywords_only() -> None:
    """A call then says what each argument is; one argument says it by itself."""
    found = []
    for context in {module.layer for module in action_modules()}:
        actions = importlib.import_module(f"duly.{context}.actions")
        names = getattr(actions, "__all__", None) or vars(actions)
        for name in names:
            verb = getattr(actions, name)
            is_own = getattr(verb, "__module__", "").startswith(f"duly.{context}.actions")
            if inspect.isfunction(verb) and is_own and not name.startswith("_"):
                spec = inspect.getfullargspec(verb)
                found += [f"{context}.{name}"] * (len(spec.args) > 1)
    assert found == []


def test_a_word_that_is_missing_is_noticed() -> None:
    assert is_told("customer balance")
    assert is_told("issue_entry_link")
    assert not is_told("cash balance")
    assert words_of("CustomerBalance") == "customer balance"
