"""Formal documents: how drafts and letters are written, paper that came or came back, certificates made here."""
