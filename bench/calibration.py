"""How often what is said with a confidence is right, on the made-up company of the benchmark.

    PYTHONPATH=src:bench:../shared/bench python bench/calibration.py --seeds 11 12

The payments are those of ../shared/bench/cash_application.py, scored as it scores; the books are
kept by what changes, so that a seed takes seconds. What is posted of earlier payments is the truth.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import cash_application

import matcher
from duly.cash_application.rules.matching import AUTO, NONE, Proposal

BANDS = tuple(map(Decimal, ("0.998", "0.995", "0.99", "0.9", "0.4", "0")))
_SHOWN = ("id", "number", "customer", "amount", "currency", "issue", "due")
_SHOWN_TOO = ("disc_until", "disc_rate", "po")
_TOLD = ("id", "date", "amount", "currency", "payer", "iban", "text")
_PAST = ("id", "date", "amount", "payer", "iban", "text", "truth")


class Told(NamedTuple):
    """A proposal, and whether all of it is right."""

    proposal: Proposal
    is_right: bool


class World:
    """The benchmark's company, whose books follow the truth."""

    def __init__(self, seed: int, level: str, days: int, customers: int) -> None:
        people, self.invoices, self.payments = cash_application.generate(
            seed, days, level, n_cust=customers
        )
        self.open = {key: one["amount"] for key, one in self.invoices.items()}
        self.history: dict[str, Any] = {"iban": defaultdict(set), "payments": []}
        self.people = [
            {**{k: one[k] for k in ("id", "name", "currency")}, "ibans": one["ibans"][:1]}
            for one in people
        ]
        self.coming = sorted(self.invoices.values(), key=lambda one: -one["issue"])

    def answers(self, first: int) -> Iterator[Told]:
        """What is proposed for each payment from a day on."""
        company = matcher._company = matcher.Company(self.people, self.history)
        for payment in self.payments:
            if payment["date"] >= first:
                while self.coming and self.coming[-1]["issue"] <= payment["date"]:
                    company.change(self._shown(self.coming.pop()["id"]))
                told = {key: payment[key] for key in _TOLD}
                proposal = matcher.proposed(told, None, self.people, self.history)
                yield Told(proposal, is_right(payment, matcher.answer(proposal)))
            self._post(payment, company)

    def _shown(self, key: str) -> dict[str, Any]:
        one = self.invoices[key]
        amount = round(self.open[key], 2)
        shown = {field: one[field] for field in (*_SHOWN, *_SHOWN_TOO)}
        return {**shown, "open": amount if abs(amount) > 0.005 else 0}

    def _post(self, payment: dict[str, Any], company: matcher.Company) -> None:
        for key, cash in payment["truth"]["lines"]:
            one = self.invoices[key]
            is_closed = abs(one["open"]) < 0.005 and one.get("paid", 10**9) <= payment["date"]
            self.open[key] = 0.0 if is_closed else round(self.open[key] - cash, 2)
            if key in company.numbers:
                company.change(self._shown(key))
        if payment.get("customer") and "third_party" not in payment["tags"]:
            self.history["iban"][payment["iban"]].add(payment["customer"])
        self.history["payments"].append({key: payment[key] for key in _PAST})


def is_right(payment: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether an answer is the truth, line by line, as the benchmark scores it."""
    truth, given = dict(payment["truth"]["lines"]), dict(answer["lines"])
    on_account = payment["truth"]["on_account"]
    fee = payment.get("fee", 0.0) if len(truth) == 1 else 0.0
    if on_account is None or truth.keys() != given.keys():
        return False
    is_same = all(abs(cash - truth[key]) <= 0.011 + fee for key, cash in given.items())
    return is_same and abs(answer["on_account"] - on_account) < 0.011 and bool(truth or on_account)


def bands(told: Iterator[Told]) -> dict[Decimal, list[int]]:
    """{least confidence: [how many, how many of them right]} of proposals."""
    found = {least: [0, 0] for least in BANDS}
    for proposal, right in told:
        if proposal.decision != NONE:
            band = found[next(least for least in BANDS if proposal.confidence >= least)]
            band[0] += 1
            band[1] += right
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[11])
    parser.add_argument("--days", type=int, default=240)
    asked = parser.parse_args()
    said: list[Told] = []
    for seed in asked.seeds:
        for level in cash_application.LV:
            told = list(World(seed, level, asked.days, 300).answers(60))
            applied = [one.is_right for one in told if one.proposal.decision == AUTO]
            right = sum(applied)
            counts = {"payments": len(told), "right": right, "wrong": len(applied) - right}
            print(json.dumps({"seed": seed, "level": level, **counts}), flush=True)
            said += told
    print(json.dumps({str(least): counts for least, counts in bands(iter(said)).items()}))


if __name__ == "__main__":
    main()
