"""How an expectation comes about: the pairings that survive, as a table and as pictures."""
