"""A case exported, and the numbered plan that verifies it without a node."""
