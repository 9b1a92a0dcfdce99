"""The command line: every error becomes one sentence and an exit code."""
