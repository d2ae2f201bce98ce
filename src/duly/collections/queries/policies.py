"""Which dunning policies and templates there are, and who is under which."""

from datetime import date

from duly.collections.errors import PolicyUnknown
from duly.collections.models import PolicyChoice, PolicyVersion, Template
from duly.collections.policy import BUILT_IN, DunningPolicy
from duly.collections.rules import texts
from duly.collections.rules.policies import Choice, Choices, read_policy
from duly.collections.rules.texts import Text
from duly.kernel.locales import LANGUAGES


def template_names(entity_id: int) -> set[str]:
    """Every template there is."""
    written = Template.objects.filter(entity_id=entity_id).values_list("name", flat=True)
    return set(texts.BUILT_IN) | set(written)


def policies_on(entity_id: int, on: date) -> dict[str, DunningPolicy]:
    """{name: the version that holds on a day}, with those that come with Duly."""
    found = dict(BUILT_IN)
    names = template_names(entity_id)
    rows = PolicyVersion.objects.filter(entity_id=entity_id, valid_from__lte=on)
    newest = {row.name: row for row in rows.order_by("valid_from", "version")}
    for name, row in newest.items():
        found[name] = read_policy(
            row.document, version=row.version, valid_from=row.valid_from, templates=names
        )
    return found


def policy_named(entity_id: int, name: str, on: date) -> DunningPolicy:
    """The policy of a name on a day. Refuses: PolicyUnknown."""
    found = policies_on(entity_id, on)
    if name not in found:
        raise PolicyUnknown(
            f"There is no dunning policy {name!r} on {on}.",
            facts={"policy": name, "policies": sorted(found)},
            remedy="Look at `duly policy list`, or write it with `duly policy set FILE`.",
        )
    return found[name]


def choices_on(entity_id: int, on: date) -> Choices:
    """Who is under which policy on a day."""
    rows = choice_rows(entity_id, on)
    return Choices(Choice(row.scope, row.segment, row.record_id, row.policy) for row in rows)


def choice_rows(entity_id: int, on: date) -> list[PolicyChoice]:
    """Every choice up to a day, in the order in which they replace each other."""
    rows = PolicyChoice.objects.filter(entity_id=entity_id, from_on__lte=on)
    return list(rows.order_by("from_on", "pk"))


def versions_of(entity_id: int, name: str) -> list[PolicyVersion]:
    """Every version of a policy, the newest first."""
    return list(PolicyVersion.objects.filter(entity_id=entity_id, name=name).order_by("-version"))


def choices_in_force(entity_id: int, on: date) -> list[PolicyChoice]:
    """The choices of a day that no later one replaced or ended, the narrowest first."""
    order = ("item", "customer", "segment", "entity")
    newest = {(row.scope, row.segment, row.record_id): row for row in choice_rows(entity_id, on)}
    in_force = (row for row in newest.values() if row.policy)
    return sorted(in_force, key=lambda row: (order.index(row.scope), -row.pk))


def written_templates(entity_id: int) -> dict[tuple[str, str], Template]:
    """{(template, language): the newest version that somebody wrote}; without the texts."""
    rows = Template.objects.filter(entity_id=entity_id).order_by("version")
    return {(row.name, row.language): row for row in rows.defer("subject", "body")}


def texts_of(entity_id: int) -> dict[tuple[str, str], tuple[str, Text]]:
    """{(template, language): (the language it is in, its newest text)}; the built-in ones where
    none is written.

    A language that a template lacks is written in English, subject and body both.
    """
    there = {
        (name, language): text
        for name, by_language in texts.BUILT_IN.items()
        for language, text in by_language.items()
    }
    rows = Template.objects.filter(entity_id=entity_id).order_by("version")
    for name, language, subject, body in rows.values_list("name", "language", "subject", "body"):
        there[name, language] = Text(subject, body)
    found = {(name, language): (language, text) for (name, language), text in there.items()}
    for name in {name for name, _ in there}:
        spare = found.get((name, "en")) or next(v for k, v in found.items() if k[0] == name)
        for language in LANGUAGES:
            found.setdefault((name, language), spare)
    return found
