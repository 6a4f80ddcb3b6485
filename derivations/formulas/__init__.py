"""The formulas: statements, and the steps that lead to them."""
