"""What is true anywhere: money, currencies, dates and business days, payment terms, ids, errors.

The kernel decides nothing about a customer, a document or a ledger; every context stands on it,
and it stands on nothing of ours. No Django, no clock, no input or output.
"""
