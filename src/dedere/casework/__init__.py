"""Proceedings as acts, and the state of a case as a fold over them. There is one model of a request, and it is here."""
