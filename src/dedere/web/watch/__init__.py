"""What watchers ask: alive, ready, numbers. Served on an address of its own, apart from pages and gateway."""
