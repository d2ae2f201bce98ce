"""Accounts in inline XBRL as a small British company files them, written by the published rules."""

XHTML = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2015-02-26"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:core="http://xbrl.frc.org.uk/fr/2023-01-01/core">
<head><title>Accounts</title></head><body>
<div style="display:none"><ix:header><ix:resources>{contexts}
<xbrli:unit id="GBP"><xbrli:measure>iso4217:GBP</xbrli:measure></xbrli:unit>
<xbrli:unit id="EUR"><xbrli:measure>iso4217:EUR</xbrli:measure></xbrli:unit>
<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>
</ix:resources></ix:header></div>
{facts}
</body></html>
"""
MATURITY, EQUITY = "MaturitiesOrExpirationPeriodsDimension", "EquityClassesDimension"


def context(name: str, period: str, *members: tuple[str, str]) -> str:
    """A context; `period` is a day, or two with a slash between."""
    start, _, end = period.rpartition("/")
    days = (
        f"<xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate>"
        if start
        else f"<xbrli:instant>{end}</xbrli:instant>"
    )
    told = "".join(
        f'<xbrldi:explicitMember dimension="core:{dimension}">core:{member}</xbrldi:explicitMember>'
        for dimension, member in members
    )
    segment = f"<xbrli:segment>{told}</xbrli:segment>" if told else ""
    return (
        f'<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier scheme="http://www.companies'
        f'house.gov.uk/">00000000</xbrli:identifier>{segment}</xbrli:entity>'
        f"<xbrli:period>{days}</xbrli:period></xbrli:context>"
    )


def fact(concept: str, where: str, shown: str, **more: str) -> str:
    """A tagged number."""
    given = {"unitRef": "GBP", "decimals": "0", "format": "ixt:numdotdecimal"} | more
    attributes = " ".join(f'{name}="{value}"' for name, value in given.items() if value)
    told = f'name="{concept}" contextRef="{where}" {attributes}'
    return f"<p><ix:nonFraction {told}>{shown}</ix:nonFraction></p>"


CONTEXTS = (
    context("now", "2025-12-31"),
    context("then", "2024-12-31"),
    context("year", "2025-01-01/2025-12-31"),
    context("half", "2025-07-01/2025-12-31"),
    context("within", "2025-12-31", (MATURITY, "WithinOneYear")),
    context("after", "2025-12-31", (MATURITY, "AfterOneYear")),
    context("kept", "2025-12-31", (EQUITY, "RetainedEarningsAccumulatedLosses")),
    context("segment", "2025-12-31", ("ProductsDimension", "Bread")),
    context("two", "2025-12-31", (MATURITY, "WithinOneYear"), (EQUITY, "ShareCapital")),
)


def filing(*facts: str, contexts: tuple[str, ...] = CONTEXTS) -> bytes:
    """A whole filing of some facts."""
    return XHTML.format(contexts="".join(contexts), facts="\n".join(facts)).encode()


SMALL = (
    fact("core:FixedAssets", "now", "2,600"),
    fact("core:CurrentAssets", "now", "2,400"),
    fact("core:CashBankOnHand", "now", "250"),
    fact("core:Debtors", "now", "1,100"),
    fact("core:Creditors", "within", "1,500"),
    fact("core:Creditors", "after", "1,500"),
    fact("core:NetCurrentAssetsLiabilities", "now", "900"),
    fact("core:TotalAssetsLessCurrentLiabilities", "now", "3,500"),
    fact("core:NetAssetsLiabilities", "now", "2,000"),
    fact("core:Equity", "now", "2,000"),
    fact("core:Equity", "kept", "900"),
    fact("core:Equity", "segment", "77"),
    fact("core:AverageNumberEmployeesDuringPeriod", "year", "12", unitRef="pure"),
    fact("core:TurnoverRevenue", "year", "8.0", scale="3", decimals="-2"),
    fact("core:TurnoverRevenue", "half", "4,100"),
    fact("core:OperatingProfitLoss", "year", "52", sign="-"),
)
