"""Persons as procedure knows them: identity, spellings, rights, hearings, victims. Pure: no keys, no database."""
