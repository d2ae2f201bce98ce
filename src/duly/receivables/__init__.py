"""What customers owe: documents, open items, payments, applications, aging.

Nouns: document (invoice, credit note, debit note), item (what is owed of it on one due date),
payment, application (what settles an item), and the projections that keep sums at hand. State is
derived: paid is residual zero, overdue is due before the day asked for. Neighbours: posts to the
ledger; cash application, disputes, credit and collections stand above and call these verbs.
"""
