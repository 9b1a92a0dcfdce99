"""The ground everything stands on: errors, time, identifiers, findings, references. Standard library only."""
