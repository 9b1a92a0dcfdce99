"""What a watcher is told: whether the node is ready, and numbers. Nothing of a case, a person or a partner is in it."""
