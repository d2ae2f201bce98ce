"""What other systems ask for over HTTP: JSON in and out, by key; no rules, session or cookie."""
