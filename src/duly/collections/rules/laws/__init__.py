"""Laws as data: rules read and proved, the gate before every contact, the linter of letters."""
