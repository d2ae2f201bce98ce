"""Keys of other systems: `duly user key`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import Subparsers, add, of_entity


def add_commands(acts: Subparsers) -> None:
    """Add `key` to `duly user`."""
    from duly.access.rules.keys import KEY_ACTS

    key = acts.add_parser("key", help="keys by which other systems ask over HTTP")
    of_keys = key.add_subparsers(dest="key_act", required=True, metavar="ACT")
    new = add(of_keys, "add", "make a key; its secret is shown this once")
    new.add_argument("name", metavar="NAME", help="which system has it")
    new.add_argument(
        "--act",
        dest="acts",
        action="append",
        choices=KEY_ACTS,
        help="what it is for; default: everything",
    )
    of_entity(new)
    new.set_defaults(act=_add)
    gone = add(of_keys, "revoke", "let a key in no more")
    gone.add_argument("name", metavar="NAME", help="which key")
    gone.set_defaults(act=_revoke)
    listed = add(of_keys, "list", "keys there are and were")
    listed.set_defaults(act=_list)


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author, add_key
    from duly.access.rules.keys import KEY_ACTS
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    acts = arguments.acts or list(KEY_ACTS)
    author = Author(home.actor(), home.now())
    secret = add_key(name=arguments.name, entity_id=one.pk, acts=acts, author=author)
    if not arguments.json:
        print(f"{secret}\nIt is shown this once. Send it as: Authorization: Bearer KEY")
    return {"key": arguments.name, "acts": sorted(acts), "secret": secret}, 0


def _revoke(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author, revoke_key

    row = revoke_key(name=arguments.name, author=Author(home.actor(), home.now()))
    if not arguments.json:
        print(f"The key {row.name} lets nobody in any more.")
    return {"key": row.name, "revoked_at": row.revoked_at}, 0


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.queries import api_keys

    rows = [
        {"key": one.name, "acts": one.acts, "made_by": one.actor, "revoked_at": one.revoked_at}
        for one in api_keys()
    ]
    if not arguments.json:
        for row in rows:
            gone = f"  (revoked {row['revoked_at']:%Y-%m-%d})" if row["revoked_at"] else ""
            print(f"{row['key']:<40} {', '.join(row['acts'])}{gone}")
    return {"keys": rows}, 0
