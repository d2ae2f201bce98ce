"""Every way in and out; no rules here."""
