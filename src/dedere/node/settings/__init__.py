"""Django settings, read once from the home; `serving` for a node's processes, `testing` for tests."""
