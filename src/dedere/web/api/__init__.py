"""The pages' actions and queries for other programs of the house, as JSON (OpenAPI 3.1)."""
