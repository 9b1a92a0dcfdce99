"""The law: instruments as reviewed data, and findings about them that always carry their reasons."""
