"""Where somebody is whose time zone nobody told."""

import zoneinfo

import pytest

from duly.kernel import zones
from duly.kernel.zones import zone_of, zone_there


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("DE", "Europe/Berlin"),
        ("CH", "Europe/Zurich"),
        ("JP", "Asia/Tokyo"),
        ("XX", ""),
        ("AU", ""),
    ],
)
def test_a_country_of_one_zone_tells_it(country: str, zone: str) -> None:
    assert zone_of(country) == zone


def test_every_zone_that_is_given_is_one() -> None:
    there = zoneinfo.available_timezones()
    assert {zone for zone in zones._PRIMARY.values() if zone not in there} == set()


def test_what_is_told_goes_before_the_country_and_that_before_ours() -> None:
    assert zone_there("Europe/Rome", "JP", "UTC") == "Europe/Rome"
    assert zone_there("", "US", "America/Chicago") == "America/Chicago"
