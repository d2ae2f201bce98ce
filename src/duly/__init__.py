"""Duly gets a business paid: the whole path from credit to cash, in one system."""
