"""The scorecards that come with Duly, as data: proposals to start from, not fitted to any outcomes.

The standard card is that of credit facts, section 5. The behaviour card looks at a customer's own
record with us alone; its weights are a proposal of ours.
"""

from typing import Any

_BANDS = [["A", "80"], ["B", "65"], ["C", "50"], ["D", "35"], ["E", "0"]]
_DAYS_SLOW = {
    "id": "days_slow",
    "title": "Own payment history",
    "group": "Own payment history",
    "unit": "days slow on average, last 12 months",
    "kind": "up_to",
    "least": "-3650",
    "most": "36500",
    "steps": [["0", "30"], ["10", "24"], ["30", "15"], ["60", "6"], [None, "0"]],
}
_RETURNED = {"input": "returned_payments", "above": "0", "factor": "days_slow"}
_SANCTIONS = {"input": "sanctions", "values": ["yes"], "why": "flagged for sanctions"}
_INSOLVENT = {"input": "insolvent", "values": ["yes"], "why": "recorded as insolvent"}

STANDARD: dict[str, Any] = {
    "id": "standard",
    "title": "Standard card",
    "version": "standard-1",
    "factors": [
        _DAYS_SLOW,
        {
            "id": "agency_days_beyond_terms",
            "title": "Agency and trade lines",
            "unit": "days beyond terms",
            "kind": "up_to",
            "least": "-3650",
            "most": "36500",
            "steps": [["5", "20"], ["15", "14"], ["30", "8"], [None, "0"]],
        },
        {
            "id": "years_in_business",
            "title": "Years in business",
            "unit": "years",
            "kind": "from",
            "least": "0",
            "most": "2000",
            "steps": [["10", "15"], ["5", "11"], ["2", "6"], [None, "0"]],
        },
        {
            "id": "z2_zone",
            "title": "Altman Z'' zone",
            "group": "Financial strength",
            "kind": "choice",
            "steps": [["safe", "14"], ["grey", "7"], ["distress", "0"]],
        },
        {
            "id": "interest_cover",
            "title": "Interest cover",
            "group": "Financial strength",
            "unit": "times",
            "kind": "from",
            "least": "-1000000000",
            "most": "1000000000",
            "steps": [["3", "6"], ["1.5", "3"], [None, "0"]],
        },
        {
            "id": "public_record",
            "title": "Public record",
            "kind": "choice",
            "steps": [
                ["clean", "10"],
                ["satisfied_judgment", "5"],
                ["open_lien", "0"],
                ["judgment", "0"],
                ["insolvency_filing", "0"],
            ],
        },
        {
            "id": "documents_complete",
            "title": "Documents and consents",
            "kind": "choice",
            "steps": [["yes", "5"], ["no", "0"]],
        },
    ],
    "bands": _BANDS,
    "caps": [{"known_below": "60", "band": "C"}],
    "gates": [
        {
            "input": "public_record",
            "values": ["insolvency_filing"],
            "why": "a filing for insolvency",
        },
        _SANCTIONS,
        _INSOLVENT,
    ],
    "zeros": [_RETURNED],
}

BEHAVIOUR: dict[str, Any] = {
    "id": "behaviour",
    "title": "Behaviour card",
    "version": "behaviour-1",
    "factors": [
        {
            **_DAYS_SLOW,
            "steps": [["0", "40"], ["10", "32"], ["30", "20"], ["60", "8"], [None, "0"]],
        },
        {
            "id": "days_slow_trend",
            "title": "Trend of days slow",
            "unit": "days, last 6 months against the 6 before",
            "kind": "up_to",
            "least": "-36500",
            "most": "36500",
            "steps": [["0", "15"], ["5", "11"], ["15", "5"], [None, "0"]],
        },
        {
            "id": "broken_promises",
            "title": "Broken promises",
            "unit": "in 12 months",
            "kind": "up_to",
            "least": "0",
            "most": "10000",
            "steps": [["0", "15"], ["1", "8"], [None, "0"]],
        },
        {
            "id": "disputes_invalid",
            "title": "Disputes found invalid",
            "unit": "in 12 months",
            "kind": "up_to",
            "least": "0",
            "most": "10000",
            "steps": [["0", "10"], ["2", "5"], [None, "0"]],
        },
        {
            "id": "utilisation",
            "title": "Use of the limit",
            "unit": "percent",
            "kind": "up_to",
            "least": "0",
            "most": "100000000",
            "steps": [["50", "20"], ["75", "14"], ["90", "8"], ["100", "4"], [None, "0"]],
        },
    ],
    "bands": _BANDS,
    "caps": [{"known_below": "60", "band": "C"}],
    "gates": [_SANCTIONS, _INSOLVENT],
    "zeros": [_RETURNED],
}

CARDS: dict[str, dict[str, Any]] = {"standard": STANDARD, "behaviour": BEHAVIOUR}
