"""Long work in the background and what falls due."""
