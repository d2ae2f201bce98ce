"""Getting overdue items paid: who is written to today, why, why not, and what came of it.

Nouns: dunning policy (ordered steps, as versioned data), step, message (what is sent, and its
state on the way out), block and suppression (reasons not to), promise to pay, task, worklist.
Neighbours: reads open items of receivables and what is disputed; changes neither. Interfaces carry
messages to the mail server; what may leave is decided here, twice.
"""
