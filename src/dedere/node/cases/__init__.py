"""Cases, drafts, approvals, the record of letters and who works on what."""
