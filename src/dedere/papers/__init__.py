"""Formal documents made from the same data as the letter."""
