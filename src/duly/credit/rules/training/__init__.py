"""Fit a scorecard to a table of firms with outcomes, and judge it by firms that it has not seen.

`tables` makes numbers of a table, `bins` cuts inputs into bins and says which way each goes,
`steps` fits, `cards` makes points of what was fitted, `figures` judges, `validation` does all of it
fold by fold, `rivals` stand beside, `reporting` puts it together.
"""
