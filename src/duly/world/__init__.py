"""A simulated company, its customers and its banks: one seed, one world, and files out of it.

It decides who buys, pays, disputes and fails, from published payer behaviour. It knows the kernel
alone and meets the product only through files and public verbs, so that the same world drives the
sample company, load tests, rehearsals and soak tests. Chance comes in streams (`dice`): the same
seed gives the same bytes on every machine. Its face:

- `company.build_company`: who is there, with hidden ways to pay.
- `trading.World`: `pass_day` gives what happened on one day (`records.Day`), `live` gives all days
  up to one (`records.History`). A plan to pay stands in `buyers[code].dues`; whoever moves it (a
  message that was sent, a call) moves the payment.
- `tables.write_tables`: what the seller's books know, as CSV in the columns of `duly import`.
- `statements.write_statements`: what its banks tell, as camt.053 and MT940.
- `months.write_month`: a month of it in each format, with the truth that no bank tells beside it.

>>> from datetime import date
>>> from duly.world.company import build_company
>>> from duly.world.trading import World
>>> start, until = date(2026, 3, 2), date(2026, 5, 29)
>>> company = build_company(seed=1, customers=12, start=start, until=until)
>>> history = World(company, start).live(until)
>>> len(history.days), sum(len(day.payments) for day in history.days) > 0
(89, True)

Neighbours: `interfaces/cli/sample.py`, which imports what it wrote.
"""
