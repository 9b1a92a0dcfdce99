"""Pages about law."""
