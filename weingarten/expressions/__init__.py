"""From SymPy expressions to monomials, products of chains of matrices, and back."""
