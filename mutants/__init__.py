"""Mutation testing: small faults are put into copies of the packages, and tests must find them."""
