"""What happened, in an append-only Merkle log."""
