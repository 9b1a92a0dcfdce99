"""A node at work: one supervisor and its processes."""
