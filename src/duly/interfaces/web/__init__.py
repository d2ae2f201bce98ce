"""Staff pages, server-rendered."""
