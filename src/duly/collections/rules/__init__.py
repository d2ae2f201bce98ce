"""Pure rules of collections."""
