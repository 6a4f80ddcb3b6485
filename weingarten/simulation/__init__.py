"""Expectations by sampling, and exact values beside them."""
