"""People who sign in: `duly user`."""

import argparse
import getpass
import sys
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import Subparsers, add


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    from duly.access.rules.roles import ROLES

    user = commands.add_parser("user", help="people who sign in")
    acts = user.add_subparsers(dest="act_name", required=True, metavar="ACT")

    new = add(acts, "add", "add a person")
    new.add_argument("email", metavar="EMAIL")
    new.add_argument("--name", required=True, metavar="NAME")
    new.add_argument("--role", choices=[code for code, _ in ROLES], default="viewer")
    new.set_defaults(act=_add)

    password = add(acts, "password", "give a person a new password, read from the terminal")
    password.add_argument("email", metavar="EMAIL")
    password.set_defaults(act=_password)

    link = add(acts, "link", "a one-time link that signs a person in")
    link.add_argument("email", metavar="EMAIL")
    link.add_argument("--base", default="http://127.0.0.1:8010", metavar="ADDRESS")
    link.set_defaults(act=_link)

    listed = add(acts, "list", "who may sign in")
    listed.set_defaults(act=_list)


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import add_user
    from duly.intake.rules.reading import email

    person = add_user(
        email=email(arguments.email.strip()),
        name=arguments.name,
        role=arguments.role,
        password=None,
        at=home.now(),
    )
    if not arguments.json:
        print(f"{person.name} is added. For the first sign-in: duly user link {person.email}")
    return {"email": person.email, "name": person.name, "role": person.role}, 0


def _password(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import set_password

    password = (
        getpass.getpass("New password: ")
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    set_password(email=arguments.email, password=password)
    if not arguments.json:
        print("The password is set.")
    return {"email": arguments.email}, 0


def _link(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import issue_entry_link

    secret = issue_entry_link(email=arguments.email, at=home.now())
    link = f"{arguments.base.rstrip('/')}/enter/{secret}"
    if not arguments.json:
        print(link)
    return {"email": arguments.email, "link": link}, 0


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.queries import users

    rows = [
        {"email": u.email, "name": u.name, "role": u.role, "is_active": u.is_active}
        for u in users()
    ]
    if not arguments.json:
        for row in rows:
            print(f"{row['email']:<40} {row['role']:<10} {row['name']}")
    return {"users": rows}, 0
