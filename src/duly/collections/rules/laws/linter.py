"""The linter of letters and scripts: what stands that must not, and what is missing. Pure.

It looks for words, not for meaning: what it finds is certain, what it does not find is no proof.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from duly.collections.errors import WordingUnlawful
from duly.collections.rules.laws.params import Phrases
from duly.collections.rules.laws.places import covers
from duly.collections.rules.laws.rule import ENFORCE, WORDING, Rule
from duly.kernel.errors import Problem

_SPACE = re.compile(r"\s+")


class Finding(NamedTuple):
    """A rule that a text breaks: the words of the text, or those of which one must stand."""

    rule_id: str
    level: str
    words: str  # of the rule
    source: str
    quoted: str  # of the text; "" where something is missing
    line: int
    wanted: tuple[str, ...] = ()
    is_unverified: bool = False

    @property
    def is_stop(self) -> bool:
        """The text can't be used."""
        return self.level == ENFORCE

    @property
    def text(self) -> str:
        """What is wrong, quoting the rule and the words."""
        found = f"“{self.quoted}”" if self.quoted else f"none of “{'”, “'.join(self.wanted)}”"
        checked = "; unverified" if self.is_unverified else ""
        said = "stands in it" if self.quoted else "stands in it, and one must"
        return f"{self.rule_id}: {self.words} Here {found} {said}. ({self.source}{checked})"


def lint(
    text: str,
    *,
    kind: str = "",
    place: str = "",
    language: str,
    stage: str = "",
    rules: Sequence[Rule] = (),
) -> list[Finding]:
    """What a text says against the rules of wording.

    Given: `kind` of debtor and `place`, "" for any; `stage` the template's name, "" for none of a
    rule's own. A rule that has no words in the language of the text is silent.
    """
    found = []
    for rule in rules:
        if rule.what != WORDING or (kind and kind not in rule.who):
            continue
        if place and not covers(rule.place, place):
            continue
        stages = rule.params.get("stages", ())
        if stages and stage not in stages:
            continue
        found += _broken(rule, text, language)
    return sorted(found, key=lambda one: (not one.is_stop, one.line))


def _broken(rule: Rule, text: str, language: str) -> list[Finding]:
    when = _words(rule.params.get("when", ()), language)
    if "when" in rule.params and not any(_places(text, word) for word in when):
        return []
    if rule.params.get("when_has", "") not in text:
        return []
    shared = (rule.id, rule.level, rule.words, rule.source)
    is_unverified = rule.status == "unverified"
    found = [
        Finding(*shared, quoted, line, is_unverified=is_unverified)
        for word in _words(rule.params.get("must_not", ()), language)
        for line, quoted in _places(text, word)
    ]
    wanted = _words(rule.params.get("must", ()), language)
    if wanted and not any(_places(text, word) for word in wanted):
        found.append(Finding(*shared, "", 1, wanted, is_unverified))
    return found


def _words(phrases: Iterable[Phrases], language: str) -> tuple[str, ...]:
    return tuple(word for one in phrases if one.language == language for word in one.words)


def _places(text: str, word: str) -> list[tuple[int, str]]:
    """(line, words as they stand) wherever a phrase stands in a text."""
    return [
        (text.count("\n", 0, match.start()) + 1, _SPACE.sub(" ", match.group()))
        for match in _pattern(word).finditer(text)
    ]


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    phrase = r"\s+".join(re.escape(part) for part in word.split())
    return re.compile(rf"(?<!\w){phrase}(?!\w)", re.IGNORECASE)


def refuse_unlawful(findings: Collection[Finding]) -> None:
    """Refuse a text that a rule stops; one that only warns goes on. Refuses: WordingUnlawful."""
    stops = [one for one in findings if one.is_stop]
    if stops:
        raise WordingUnlawful(
            f"The text can't be used: {len(stops)} places are against the law as it is held here.",
            facts={
                "problems": [
                    Problem(f"line {one.line}", one.rule_id, one.text, "Say it in other words.")
                    for one in stops
                ]
            },
            remedy="Mend what is named, or have the level of the rule changed with a reason.",
        )
