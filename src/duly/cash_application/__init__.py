"""What came in at the bank: read, proved, and tied to who paid and what for.

Nouns: bank statement, line, detail, match, suggestion, alias, advice. Neighbours: readers of the
interfaces hand in what the bank's files say; payments and their applications are records of
receivables.
"""
