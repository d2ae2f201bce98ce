"""What keys of other systems may be for."""

# Acts of `rules.roles` for which no person has to stand, and looking: no key approves or releases.
KEY_ACTS = ("record_order", "look")
LONGEST_NAME = 80
