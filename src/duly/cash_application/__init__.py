"""What came in at the bank: read, proved, and (to come) tied to who paid and what for.

Nouns: bank statement, entry, detail. Neighbours: readers of the interfaces hand in what the bank's
files say; payments and their applications are records of receivables.
"""
