"""Items of evidence, their custody and their conditions."""
