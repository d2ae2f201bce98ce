"""The fixtures that every other test stands on."""

import threading

import pytest
from django.db import connection, connections, transaction

from duly.access.actions import add_user
from duly.access.models import User
from duly.interfaces.cli import home


def test_an_installation_keeps_its_own_books(installation) -> None:
    made = installation.run(
        "init", "--entity", "Northwind", "--currency", "EUR", "--country", "DE", "--json"
    )
    assert made.returncode == 0, made.stderr
    assert '"Northwind"' in made.stdout
    assert installation.run("check").returncode == 0


def test_a_fresh_database_commits_and_other_threads_see_it(fresh_database) -> None:
    with transaction.atomic():
        add_user(email="a@example.org", name="A", role="viewer", password=None, at=home.now())
    seen = []

    def look() -> None:
        seen.append(User.objects.count())
        connections["default"].close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]
    assert "a@example.org" in fresh_database.run("user", "list").stdout


@pytest.mark.parametrize("time", [1, 2])
def test_a_fresh_database_is_empty_every_time(fresh_database, time: int) -> None:
    assert User.objects.count() == 0
    add_user(email="a@example.org", name="A", role="viewer", password=None, at=home.now())


@pytest.mark.django_db
def test_what_came_after_is_on_the_ordinary_test_database() -> None:
    assert User.objects.count() == 0
    assert "test" in str(connection.settings_dict["NAME"]) or "memory" in str(
        connection.settings_dict["NAME"]
    )
