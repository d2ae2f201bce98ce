"""How records reach the two databases.

Bulk writes (COPY on PostgreSQL, multi-row inserts on SQLite), blocks of ids handed out before the
rows are written, triggers that refuse to change what is posted, and locks. Nothing here knows what
an invoice is. Above it stand the contexts, whose `actions` are its only callers; below it the
kernel.
"""
