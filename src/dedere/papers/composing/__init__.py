"""From an act's data to the blocks of its document, kind by kind."""
