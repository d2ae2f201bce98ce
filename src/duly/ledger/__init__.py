"""The book: what was posted, never changed, provable to anyone.

Nouns: account, batch (what was written together), entry, posting, seal (a batch's digest, chained
to the one before), period lock. Neighbours: receivables posts here and asks here for balances;
nobody else sees the records.
"""
