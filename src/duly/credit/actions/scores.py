"""Propose cards, adopt them, and score by them: one who asks for credit, or a whole book."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from duly.access.actions import SHELL, Author, record_changes, require
from duly.access.queries import user_acting
from duly.credit.actions.signals import SignalDraft, record_signals
from duly.credit.errors import CardExists, CardNotAdopted
from duly.credit.models import CardAdoption, CustomerScore, Scorecard
from duly.credit.models.scores import CHALLENGER, CHAMPION
from duly.credit.queries.known import known_of_customers
from duly.credit.queries.scores import Cards, LastTold, cards_on, factors_of, last_told, scorecard
from duly.credit.rules.adopting import refuse_own_card
from duly.credit.rules.behaviour import OWN
from duly.credit.rules.card_documents import plain, read_card, write_card
from duly.credit.rules.scorecards import Card, Score, Value, is_scorable, score
from duly.parties.models import Customer, Entity
from duly.storage import bulk, locks
from duly.storage.writing import whole

Facts = Mapping[str, Value]
_MACHINES = frozenset({"", "worker"})  # what acts without a person


class Rescored(NamedTuple):
    """What scoring a book came to: bands by how many, who fell a band, who can't be scored."""

    scored: int
    bands: dict[str, int]
    fallen: tuple[int, ...]
    not_scorable: int


@whole()
def propose_card(
    *,
    entity_id: int,
    document: object,
    origin: str,
    author: Author,
    report: dict[str, Any] | None = None,
) -> Scorecard:
    """Keep a version of a card, to be adopted or not; the same again is the same.

    Refuses: CardUnfit, ProhibitedBasis, CardExists.
    """
    locks.hold(f"scorecards:{entity_id}")
    card = read_card(document)
    there = Scorecard.objects.filter(entity_id=entity_id, version=card.version).first()
    if there is not None:
        if there.card != write_card(card):
            raise CardExists(
                f"Another card has the version {card.version[:64]!r}.",
                facts={"version": card.version[:64]},
                remedy="Give this one a version of its own: what was adopted never changes.",
            )
        return there
    row = Scorecard.objects.create(
        entity_id=entity_id,
        version=card.version,
        title=card.title,
        origin=origin,
        card=write_card(card),
        report=report,
        actor=author.actor,
        recorded_at=author.at,
    )
    record_changes(
        noun="scorecard", changes=[(row.pk, {}, {"version": row.version})], author=author
    )
    return row


@whole()
def adopt_card(
    *, entity_id: int, version: str, place: str, on: date, reason: str, author: Author
) -> CardAdoption:
    """Let a card judge (or, as challenger, run silently beside) from a day on, as a person says.

    Rule: who kept a card for it to be adopted is not who lets it judge. Those that come with Duly
    nobody proposed.
    Refuses: CardUnknown, CardNotAdopted, OwnCard, NotYourPart.
    """
    card = scorecard(entity_id, version)
    if place == CHAMPION and card.origin != "shipped":
        refuse_own_card(card.version, card.actor, author.actor)
    return _adopt(entity_id, card, place, on, reason, author)


@whole()
def end_challenge(*, entity_id: int, on: date, reason: str, author: Author) -> CardAdoption:
    """Let no card run beside the champion from a day on. Refuses: CardNotAdopted."""
    return _adopt(entity_id, None, CHALLENGER, on, reason, author)


def _adopt(
    entity_id: int, card: Scorecard | None, place: str, on: date, reason: str, author: Author
) -> CardAdoption:
    if author.actor.removeprefix(SHELL) in _MACHINES or not reason.strip():
        raise CardNotAdopted(
            "A card is adopted by a person, who says why.",
            facts={"actor": author.actor, "place": place},
            remedy="Say who does it, and give a reason.",
        )
    user = user_acting(author.actor)
    if user is not None:
        require(user=user, act="edit_policy")
    locks.hold(f"scorecards:{entity_id}")
    row = CardAdoption.objects.create(
        entity_id=entity_id,
        scorecard_id=card.pk if card else None,
        place=place,
        from_on=on,
        reason=reason.strip(),
        actor=author.actor,
        recorded_at=author.at,
    )
    after = {"place": place, "version": card.version if card else "", "from_on": str(on)}
    record_changes(noun="card adoption", changes=[(row.pk, {}, after)], author=author)
    return row


@whole()
def score_request(
    *,
    entity_id: int,
    request_id: int,
    factors: Facts,
    on: date,
    author: Author,
    customer_id: int | None = None,
) -> CustomerScore:
    """Score who asks for credit by what is known of them. Refuses: NothingToScore."""
    cards = cards_on(entity_id, on)
    told = score(cards.champion, factors)
    row = _row(0, entity_id, customer_id, request_id, on, cards, told, factors, author)
    names = [field.attname for field in CustomerScore._meta.concrete_fields]
    kept = dict(zip(names[1:], row[1:], strict=True))
    return CustomerScore.objects.create(**kept | {"scored_on": on, "recorded_at": author.at})


@whole()
def score_customers(
    *,
    entity: Entity,
    customer_ids: Collection[int] | None,
    on: date,
    author: Author,
    known: Mapping[int, Facts] | None = None,
) -> Rescored:
    """Score customers (None: all) by how they paid and by what else is known of them.

    What was told with a customer's last score, and is not read from the ledger, still holds, unless
    its statements and reports, or `known`, say otherwise. Who fell a band is signalled. A constant
    number of queries.
    """
    ids = customer_ids
    if ids is None:
        ids = list(Customer.objects.filter(entity_id=entity.pk).values_list("pk", flat=True))
    cards = cards_on(entity.pk, on)
    own, before = factors_of(entity, ids, on), last_told(entity.pk, ids)
    told_of = known_of_customers(entity, ids)
    order = [band for band, _ in cards.champion.bands]
    rows: list[bulk.Row] = []
    bands: dict[str, int] = dict.fromkeys(order, 0)
    fallen = []
    for pk in sorted(own):
        last = before.get(pk)
        facts = {**_lasting(last), **told_of.get(pk, {}), **(known or {}).get(pk, {}), **own[pk]}
        if not is_scorable(cards.champion, facts):
            continue
        told = score(cards.champion, facts)
        rows.append(_row(0, entity.pk, pk, None, on, cards, told, facts, author))
        bands[told.band] += 1
        if last and last.band in order and order.index(told.band) > order.index(last.band):
            fallen.append(pk)
    if rows:
        taken = bulk.reserve_ids(CustomerScore, len(rows))
        bulk.insert_rows(
            CustomerScore, [(pk, *row[1:]) for pk, row in zip(taken, rows, strict=True)]
        )
    drafts = [SignalDraft(pk, "score_drop", on, f"score:{on}") for pk in fallen]
    record_signals(entity_id=entity.pk, drafts=drafts, author=author)
    return Rescored(len(rows), bands, tuple(fallen), len(own) - len(rows))


def _lasting(last: LastTold | None) -> dict[str, Value]:
    """What a last score was told and the ledger does not know: numbers again as numbers."""
    if last is None:
        return {}
    told = json.loads(last.inputs)
    return {name: _read(value) for name, value in told.items() if name not in OWN}


def _read(value: str) -> Value:
    return Decimal(value[1:]) if value.startswith("=") else value


def _kept(value: Value) -> str:
    """A number is kept with a sign before it, so that it is told from a choice."""
    return value if isinstance(value, str) else f"={plain(value)}"


def _row(
    pk: int,
    entity_id: int,
    customer_id: int | None,
    request_id: int | None,
    on: date,
    cards: Cards,
    told: Score,
    facts: Facts,
    author: Author,
) -> bulk.Row:
    beside = _beside(cards.challenger, facts)
    looked_at = cards.champion.inputs | (cards.challenger.inputs if cards.challenger else set())
    return (
        pk,
        entity_id,
        customer_id,
        request_id,
        on.isoformat(),
        told.version,
        int(told.points.scaleb(2)),
        told.band,
        int(told.known_weight.scaleb(2)),
        told.is_declined,
        _json({name: _kept(value) for name, value in facts.items() if name in looked_at}),
        _json(_points(told)),
        _json(list(told.lost_most)),
        None if told.rate is None else int(told.rate.scaleb(6)),
        beside.version if beside else "",
        int(beside.points.scaleb(2)) if beside else None,
        beside.band if beside else "",
        _json(_points(beside)) if beside else "",
        author.actor,
        author.at.isoformat(),
    )


def _beside(card: Card | None, facts: Facts) -> Score | None:
    if card is None or not is_scorable(card, facts):
        return None
    return score(card, facts)


def _points(told: Score) -> list[list[str]]:
    return [[one.id, plain(one.points), plain(one.of)] for one in told.factors]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
