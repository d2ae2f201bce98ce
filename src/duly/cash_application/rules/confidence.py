from decimal import Decimal
def confidence_of(one, payer):
    if one.chance_ppm > 10000: return Decimal("0.9")
    if payer.customer is None and one.fit.kind in ("short_pay","deducted"): return Decimal("0.9")
    if payer.customer is None and one.way=="sum":
        if one.customer not in payer.candidates or one.chance_ppm*len(payer.candidates)>2000: return Decimal("0.9")
    return Decimal("0.995")
