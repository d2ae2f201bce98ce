"""What stands beside a fitted card: Altman's Z'' as it was published, and a boosted model.

Neither is ever adopted. Z'' is fitted to nothing, so it needs no folds; it is told only where a
table's columns are its four ratios by name.
"""

import re

import numpy as np

from duly.credit.rules.training.tables import Firms, Numbers, Whole

# Altman's Z'' (credit facts, section 4), in hundredths, and what its four ratios are called.
_Z2 = (
    (656, {"workingcapitaltotalassets", "wcta", "workingcapitaltototalassets"}),
    (326, {"retainedearningstotalassets", "reta", "retainedearningstototalassets"}),
    (672, {"ebittotalassets", "ebitta", "ebittototalassets"}),
    (
        105,
        {
            "bookvalueofequitytotalliabilities",
            "equitytotalliabilities",
            "bvetl",
            "equitytototalliabilities",
        },
    ),
)


def altman_z2(firms: Firms) -> Numbers | None:
    """Z'' of each firm, NaN where a ratio is missing; None where the table has not all four."""
    plain = [re.sub(r"[^a-z0-9]", "", name.casefold()) for name in firms.names]
    value = np.zeros(len(firms.failed))
    for hundredths, names in _Z2:
        places = [place for place, name in enumerate(plain) if name in names]
        if not places:
            return None
        value += firms.inputs[:, places[0]] * hundredths / 100
    return value


def boosted_risks(inputs: Numbers, failed: Whole, groups: Whole, unseen: Numbers) -> Numbers:
    """Risks by boosted trees of all inputs, with no regard to directions."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    # Threads that wait for one another by spinning take minutes where others use the machine.
    with threadpool_limits(1):
        model = HistGradientBoostingClassifier(random_state=0).fit(inputs, failed)
        return model.predict_proba(unseen)[:, 1]
