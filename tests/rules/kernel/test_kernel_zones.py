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
        ("AU", "Australia/Sydney"),
    ],
)
def test_a_country_tells_its_zone(country: str, zone: str) -> None:
    assert zone_of(country) == zone


def test_every_zone_that_is_given_is_one() -> None:
    there = zoneinfo.available_timezones()
    assert {zone for zone in zones._PRIMARY.values() if zone not in there} == set()


def test_what_is_told_goes_before_the_country_and_that_before_ours() -> None:
    assert zone_there("Europe/Rome", "JP", "UTC") == "Europe/Rome"
    assert zone_there("", "", "America/Chicago") == "America/Chicago"


def test_countries_without_a_zone_are_few_and_small() -> None:
    """Antarctica, French Polynesia, Greenland and their like: who is there is told."""
    from babel.core import get_global

    silent = {country for country in get_global("territory_zones") if not zone_of(country)}
    assert silent <= {"AQ", "FM", "GL", "KI", "MH", "PF", "PS", "UM", "VN", "XK", "ZZ", "001"}
