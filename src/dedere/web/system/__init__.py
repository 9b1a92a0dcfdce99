"""Pages about system."""
