"""The only code that touches keys: signing, sealing, digests, canonical bytes."""
