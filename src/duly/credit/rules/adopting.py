"""Who may let a card judge."""

from duly.access.rules.actors import is_same, may_be_same
from duly.credit.errors import OwnCard


def refuse_own_card(version: str, proposed_by: str, actor: str) -> None:
    """Refuse who proposed a card, and who may have: a name of the shell and one of the web tell no
    two. Refuses: OwnCard.
    """
    facts = {"version": version, "proposed_by": proposed_by}
    if is_same(proposed_by, actor):
        raise OwnCard(
            f"{actor} proposed the card {version} and can't be who lets it judge.",
            facts=facts,
            remedy="Let a second person look at it and adopt it.",
        )
    if may_be_same(proposed_by, actor):
        raise OwnCard(
            f"{proposed_by} proposed the card {version}, and {actor} may be the same person.",
            facts=facts,
            remedy="Propose it in the shell with --user EMAIL, and let somebody else adopt it in"
            " the browser, or with --user too.",
        )
