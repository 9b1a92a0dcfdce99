"""Evidence at rest: sealed objects and the custody ledger of each item."""
