"""Who we are and who owes us: entities, customers, their hierarchies, contacts.

Nouns: entity (our legal company), customer (the debtor), contact (a person at a customer), search
word. Neighbours: ledger and receivables point at entities and customers; access keeps who changed
what.
"""
