"""Moves sealed bytes between nodes: HTTPS, resumable parts, media carried by hand."""
