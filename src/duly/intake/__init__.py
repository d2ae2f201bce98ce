"""Files in: recognised, checked, previewed, committed once, taken back while nothing depends on it.

Nouns: import (one file, one kind, one batch), mapping (how a layout of columns is read), upload (a
file that waits for its preview to be confirmed). Neighbours: readers hand sheets down to it; it
calls the verbs of parties and receivables.
"""
