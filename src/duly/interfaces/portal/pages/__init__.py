"""One module for each kind of people outside."""
