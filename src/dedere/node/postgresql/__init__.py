"""Django's PostgreSQL, with writers that take turns (`base`)."""
