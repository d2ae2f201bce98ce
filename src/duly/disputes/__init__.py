"""What customers object to, or deduct from a payment: a part or the whole of an item, why, and who
clears it by when.

Nouns: dispute, dispute file, reason mapping, duty. Neighbours: points at items of receivables, and
changes none of them but by the credit note that a verdict grants; collections leaves out what is
disputed and asks for the rest; cash application opens a deduction for what a payment left short.
"""
