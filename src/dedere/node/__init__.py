"""The Django project: the only layer with a database."""
