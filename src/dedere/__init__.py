"""Dedere: the office and the courier of a central authority under the Ljubljana – The Hague Convention."""
