"""A node at work: one supervisor, three processes."""
