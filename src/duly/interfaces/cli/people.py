"""People who sign in: `duly user`."""

import argparse
import getpass
import sys
from typing import Any

from duly.interfaces.cli import home, keys
from duly.interfaces.cli.arguments import Subparsers, add


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    from duly.access.rules.roles import ROLES

    user = commands.add_parser("user", help="people who sign in")
    acts = user.add_subparsers(dest="act_name", required=True, metavar="ACT")

    new = add(acts, "add", "add a person")
    new.add_argument("email", metavar="EMAIL", help="by which the person signs in")
    new.add_argument("--name", required=True, metavar="NAME", help="what the person is called")
    new.add_argument(
        "--role",
        choices=[code for code, _ in ROLES],
        default="viewer",
        help="what the person may do",
    )
    new.set_defaults(act=_add)

    password = add(acts, "password", "give a person a new password, read from the terminal")
    password.add_argument("email", metavar="EMAIL", help="whose password")
    password.set_defaults(act=_password)

    role = add(acts, "role", "give a person another role")
    role.add_argument("email", metavar="EMAIL", help="whose role")
    role.add_argument(
        "role", choices=[code for code, _ in ROLES], metavar="ROLE", help="what the person may do"
    )
    role.set_defaults(act=_role)

    shell = add(acts, "shell", "say by which name a person acts in a shell: both count as one")
    shell.add_argument("email", metavar="EMAIL", help="who")
    shell.add_argument("name", nargs="?", default="", metavar="NAME", help="none: ends that")
    shell.set_defaults(act=_shell)

    close = add(acts, "close", "let a person in no more; sessions and open links end")
    close.add_argument("email", metavar="EMAIL", help="who")
    close.set_defaults(act=_close)

    link = add(acts, "link", "a one-time link that signs a person in")
    link.add_argument("email", metavar="EMAIL", help="who")
    link.add_argument(
        "--base",
        default="http://127.0.0.1:8010",
        metavar="ADDRESS",
        help="where the web server is reached",
    )
    link.set_defaults(act=_link)

    listed = add(acts, "list", "who may sign in")
    listed.set_defaults(act=_list)
    keys.add_commands(acts)


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


def _role(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author, change_role

    author = Author(home.actor(), home.now())
    person = change_role(email=arguments.email, role=arguments.role, author=author)
    if not arguments.json:
        print(f"{person.name} is {person.role} now.")
    return {"email": person.email, "role": person.role}, 0


def _shell(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author, tie_shell

    author = Author(home.actor(), home.now())
    person = tie_shell(email=arguments.email, name=arguments.name, author=author)
    if not arguments.json:
        told = f"is {person.shell_name} in the shell" if person.shell_name else "has no shell"
        print(f"{person.name} {told}.")
    return {"email": person.email, "shell_name": person.shell_name or None}, 0


def _close(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author, close_user

    person = close_user(email=arguments.email, author=Author(home.actor(), home.now()))
    if not arguments.json:
        print(f"{person.name} can't sign in any more.")
    return {"email": person.email, "is_active": person.is_active}, 0


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
            closed = "" if row["is_active"] else "  (closed)"
            print(f"{row['email']:<40} {row['role']:<10} {row['name']}{closed}")
    return {"users": rows}, 0
