"""Instalment plans: what a customer can bear, what was agreed, what came of it."""
