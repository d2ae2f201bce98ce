"""Pure decisions of intake: what a file may hold, and what a row of it means."""
