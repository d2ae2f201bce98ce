"""Verbs of credit."""
