"""Random products of entries of X A X.H and of its traces with constants, as SymPy writes them."""

from sympy import MatrixSymbol, Mul, Q, Symbol, Trace, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import GaussianMatrix, HaarOrthogonal, HaarUnitary

KINDS = {
    "O": lambda d: HaarOrthogonal("W", d),
    "U": lambda d: HaarUnitary("U", d),
    "G": lambda d: GaussianMatrix("G", d, d),
    "Z": lambda d: GaussianMatrix("Z", d, d, complex=True),
}
i, j = symbols("i j", integer=True)
a = Symbol("a", integer=True, positive=True)
#: Numbers, symbols that may be equal to them, and symbols that can be told apart.
INDICES = [[0, 1], [0, 1, 2], [0, i, j], [a, a + 1], [i]]


def product(rng, kind, d, pairs):
    """A product of `pairs` words, and what is given of the constants.

    Indices are below `d` where that is a number. Words that no route but a list can take are
    among them: a general A between different labels, and constants that lead on.
    """
    X = KINDS[kind](d)
    A, B, C = (MatrixSymbol(name, d, d) for name in "ABC")
    x = MatrixSymbol("x", d, 1)
    middle = X * A * X.H
    if rng.random() < 0.3:
        middle = X.T * A * X if kind in "OG" else X.H * A * X
    labels = [index for index in rng.choice(INDICES) if not d.is_Integer or index in range(int(d))]
    labels = labels or [0]
    diagonal = rng.random() < 0.4
    only_entries = rng.random() < 0.5

    def entry():
        one = rng.choice(labels)
        return MatrixElement(middle, one, one if diagonal else rng.choice(labels))

    def factor():
        choice = 0 if only_entries else rng.randrange(6)
        if choice == 1:
            return Trace(middle * B)
        if choice == 2:
            return Trace(middle * rng.choice([B, C]))
        if choice == 3:
            return MatrixElement(x.T * middle * x, 0, 0)
        if choice == 4:
            return MatrixElement(B * middle, rng.choice(labels), rng.choice(labels))
        return entry()

    given = [Q.symmetric(A)] if rng.random() < 0.6 else []
    given += [Q.symmetric(B)] if rng.random() < 0.4 else []
    expression = Mul(*(factor() for _ in range(pairs)))
    return expression, [fact for fact in given if fact.arg in expression.atoms(MatrixSymbol)]
