"""Full text of what cases hold: words of letters, drafts and items, in any script, for whoever may see the case."""
