"""Partners, the outbox, the inbox, receipts and alarms."""
