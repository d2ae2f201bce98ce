"""Reviews of customers' credit and what brings them about: `duly credit review`, `signal`."""

import argparse
from typing import Any

from duly.credit.rules.reviewing import KINDS
from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, of_entity, text, today

OUTCOMES = ("keep", "change_limit", "block")


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    review = commands.add_parser("review", help="customers' credit looked at again")
    acts = review.add_subparsers(dest="review_act", required=True, metavar="ACT")
    listed = add(acts, "list", "reviews, open ones first, by when they are due")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    listed.add_argument("--open", action="store_true", help="only those without an outcome")
    of_entity(listed)
    listed.set_defaults(act=_list)
    new = add(acts, "open", "open a review of a customer; there is never a second one")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("--owner", type=text(254), default="", metavar="WHO", help="who does it")
    new.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="why it is opened")
    finish(new, _open)
    take = add(acts, "take", "say who does a review")
    take.add_argument("id", type=int, metavar="ID", help="a review's number")
    take.add_argument("--owner", type=text(254), metavar="WHO", help="default: you")
    finish(take, _take)
    end = add(acts, "conclude", "give a review its outcome")
    end.add_argument("id", type=int, metavar="ID", help="a review's number")
    end.add_argument(
        "--as", dest="outcome", required=True, choices=OUTCOMES, help="what is decided"
    )
    end.add_argument("--reason", type=text(1000), required=True, metavar="TEXT", help="why")
    end.add_argument(
        "--limit", metavar="A", help="with change_limit: the new one, in the old one's currency"
    )
    finish(end, _conclude)
    _add_signals(commands)


def _add_signals(commands: Subparsers) -> None:
    signal = commands.add_parser("signal", help="what happens at customers and may open a review")
    acts = signal.add_subparsers(dest="signal_act", required=True, metavar="ACT")
    new = add(acts, "add", "record what happened at a customer")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("kind", choices=sorted(KINDS), metavar="KIND", help=", ".join(sorted(KINDS)))
    new.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="what is known")
    finish(new, _signal)
    look = add(acts, "look", "look in the books for what happened and what is due; `duly day` does")
    finish(look, _look)
    listed = add(acts, "list", "what happened, the newest first")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    of_entity(listed)
    listed.set_defaults(act=_signals)


def _customer_id(entity_id: int, code: str | None) -> int | None:
    from duly.parties import queries as parties

    return parties.customer(entity_id=entity_id, code=code).pk if code else None


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.reviews import reviews
    from duly.interfaces.exchange.reviewing import reviews_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    told = reviews_document(
        reviews(
            entity_id=one.pk,
            customer_id=_customer_id(one.pk, arguments.customer),
            only_open=arguments.open,
        )
    )
    if not arguments.json:
        for row in told["reviews"]:
            end = f"{row['outcome']} on {row['concluded_on']}" if row["outcome"] else "open"
            print(
                f"{row['id']:>6}  due {row['due_on']}  {row['customer']:<16} {row['text']}, {end}"
            )
        if not told["reviews"]:
            print("No review is there.")
    return told, 0


def _open(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.reviews import open_review
    from duly.interfaces.exchange.reviewing import reviews_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk

    def act() -> dict[str, Any]:
        row = open_review(
            entity_id=one.pk,
            customer_id=customer_id,
            on=arguments.on or today(one.timezone),
            author=Author(home.actor(), home.now()),
            owner=arguments.owner,
            note=arguments.note,
        )
        return reviews_document([row])

    return carried_out(arguments, "credit review open", act)


def _take(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.reviews import take_review
    from duly.interfaces.exchange.reviewing import reviews_document
    from duly.parties import queries as parties

    author = Author(home.actor(), home.now())

    def act() -> dict[str, Any]:
        row = take_review(
            entity_id=parties.entity(arguments.entity).pk,
            review_id=arguments.id,
            owner=arguments.owner or author.actor,
            author=author,
        )
        return reviews_document([row])

    return carried_out(arguments, "credit review take", act)


def _conclude(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.reviews import conclude_review
    from duly.credit.queries.reviews import currency_of_limit, review
    from duly.interfaces.exchange.reviewing import reviews_document
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    limit_minor = None
    if arguments.limit:
        limit_minor = minor_from_text(
            arguments.limit, exponent(currency_of_limit(review(arguments.id), on))
        )

    def act() -> dict[str, Any]:
        row = conclude_review(
            entity_id=one.pk,
            review_id=arguments.id,
            outcome=arguments.outcome,
            reason=arguments.reason,
            limit_minor=limit_minor,
            on=on,
            author=Author(home.actor(), home.now()),
        )
        return reviews_document([row])

    return carried_out(arguments, "credit review conclude", act)


def _signal(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.signals import record_signal
    from duly.interfaces.exchange.reviewing import signals_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk

    def act() -> dict[str, Any]:
        row = record_signal(
            entity_id=one.pk,
            customer_id=customer_id,
            kind=arguments.kind,
            on=arguments.on or today(one.timezone),
            note=arguments.note,
            author=Author(home.actor(), home.now()),
        )
        return signals_document([row] if row else [])

    return carried_out(arguments, "credit signal add", act)


def _look(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.reviewing import reviews_document, signals_document
    from duly.interfaces.jobs.watching import watch_credit
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)

    def act() -> dict[str, Any]:
        found = watch_credit(
            entity=one,
            on=arguments.on or today(one.timezone),
            actor=home.actor(),
            at=home.now(),
        )
        return signals_document(found.signals) | reviews_document(found.reviews)

    return carried_out(arguments, "credit signal look", act)


def _signals(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.reviews import signals
    from duly.interfaces.exchange.reviewing import signals_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    told = signals_document(
        signals(entity_id=one.pk, customer_id=_customer_id(one.pk, arguments.customer))
    )
    if not arguments.json:
        for row in told["signals"]:
            print(f"{row['on']}  {row['customer']:<16} {row['text']}  {row['note']}")
    return told, 0
