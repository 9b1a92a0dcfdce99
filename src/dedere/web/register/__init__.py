"""Pages about register."""
