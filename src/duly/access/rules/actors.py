"""How actors are named in the trail."""

SHELL = "shell:"  # begins the name of who acts in a shell, and is no person of ours by itself
