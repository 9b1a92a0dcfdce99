"""The Django project: the only layer with a database.

Each app holds `models.py` (fields and constraints), `actions.py` (every write) and `queries.py` (every read).
"""
