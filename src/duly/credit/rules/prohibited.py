"""What nobody's credit may be judged by, known by the names of factors.

The bases are those of Regulation B (credit facts, section 1): they never enter a score. The words
are data, and name what stands for a basis too; a firm adds its own. Only names are looked at: a
column that tells the same under another name is for a person to see.
"""

import re
from collections.abc import Iterable, Mapping

from duly.credit.errors import ProhibitedBasis

BASES: Mapping[str, tuple[str, ...]] = {
    "race or colour": ("race", "racial", "ethnic", "ethnicity", "colour", "color", "skin"),
    "religion": ("religion", "religious", "creed", "faith", "confession"),
    "national origin": (
        "national origin",
        "nationality",
        "citizenship",
        "birthplace",
        "birth place",
        "native language",
        "mother tongue",
    ),
    "sex": ("sex", "gender", "sexual orientation", "pregnant", "pregnancy", "maternity"),
    "marital status": ("marital", "marital status", "married", "divorced", "spouse", "widowed"),
    "family status": ("children", "dependants", "dependents", "childbearing", "family status"),
    "age of a person": (
        "age",
        "ages",
        "dob",
        "birth",
        "birthday",
        "birth date",
        "birthdate",
        "birth year",
        "date of birth",
        "year of birth",
        "born",
    ),
    "public assistance": ("public assistance", "welfare", "social benefits", "food stamps"),
    "exercise of consumer rights": ("consumer rights", "consumer complaint", "ccpa exercise"),
}
# What sounds like a basis and is the age of a thing or of a firm.
ALLOWED = (
    "age of business",
    "age of company",
    "age of firm",
    "age of account",
    "business age",
    "company age",
    "firm age",
    "account age",
    "average age of debt",
    "color of title",
)


def words_of(name: str) -> str:
    """A name as plain words.

    >>> words_of("maritalStatus_2"), words_of("DATE-OF-BIRTH")
    ('marital status', 'date of birth')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W\d_]+", parted.casefold()))


def basis_of(name: str, bases: Mapping[str, Iterable[str]] = BASES) -> str | None:
    """The prohibited basis that a factor's name tells of, or None.

    >>> basis_of("ApplicantAge"), basis_of("agency_lines"), basis_of("age of business")
    ('age of a person', None, None)
    """
    words = f" {words_of(name)} "
    for allowed in ALLOWED:
        words = words.replace(f" {allowed} ", " ")
    for basis, named in bases.items():
        if any(f" {words_of(word)} " in words for word in named):
            return basis
    return None


def refuse_prohibited(names: Iterable[str], bases: Mapping[str, Iterable[str]] = BASES) -> None:
    """Refuse factors by which nobody may be judged. Refuses: ProhibitedBasis."""
    found = {name: basis for name in names if (basis := basis_of(name, bases))}
    if found:
        name, basis = next(iter(found.items()))
        raise ProhibitedBasis(
            f"{name[:64]!r} tells of {basis}, by which nobody's credit may be judged.",
            facts={"factors": found},
            remedy="Leave it out; scores know only what a firm did and owns.",
        )
