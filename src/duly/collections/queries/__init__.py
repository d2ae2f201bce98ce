"""Reads of collections."""
