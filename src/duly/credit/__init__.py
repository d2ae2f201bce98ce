"""Credit before the sale: who asks for it, what is known of them, how much they may owe, and which
orders wait.

Nouns: credit request, reference, financial statement, scorecard, limit, order, order hold, review,
security, insurance policy. Neighbours: exposure stands on the open items of receivables, and what
is disputed counts in it; collections is told of holds, and tells of broken promises by signals.
"""
