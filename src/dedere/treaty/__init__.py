"""The law as reviewed data, and pure reasoning over it."""
