"""Random expectations over ensembles at small sizes, beside their definitions.

A case is a product of entries and traces of words, in the matrix, its transpose and conjugates and
two matrices of integers. What `E` gives, as a formula with the integers put in or as a number, has
to be what the definition gives: integration over parameters, or a word in Haar
matrices, or one beside a determinant.
"""

import random
from math import prod

import parametrised as p
from sympy import MatMul, Matrix, MatrixSymbol, Trace, conjugate, expand
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten import (
    CircularSymplectic,
    E,
    GaussianSymplectic,
    HaarSpecialOrthogonal,
    HaarSpecialUnitary,
    HaarUnitary,
    SymplecticGinibre,
)
from weingarten.ensembles.symplectic import SymplecticForm

#: Where the definition is integration: the class, its size, the parameters, the most letters.
INTEGRATED = {
    "SO(2)": (HaarSpecialOrthogonal, 2, p.rotation_of_the_plane(), 6),
    "SU(2)": (HaarSpecialUnitary, 2, p.special_unitary_2(), 6),
    "SO(3)": (HaarSpecialOrthogonal, 3, p.rotation_of_space(), 5),
    "SO(4)": (HaarSpecialOrthogonal, 4, p.rotation_in_four_dimensions(), 4),
    "GSE(1)": (GaussianSymplectic, 1, p.gaussian_symplectic(1), 6),
    "GSE(2)": (GaussianSymplectic, 2, p.gaussian_symplectic(2), 4),
    "symplectic Ginibre(1)": (SymplecticGinibre, 1, p.ginibre_of_quaternions(1), 4),
    "symplectic Ginibre(2)": (SymplecticGinibre, 2, p.ginibre_of_quaternions(2), 4),
}
#: Where it is a word: the class, its size, the most letters.
WORDS = {
    "SU(3)": (HaarSpecialUnitary, 3, 3),
    "CSE(1)": (CircularSymplectic, 1, 4),
    "CSE(2)": (CircularSymplectic, 2, 4),
}
ENSEMBLES = [*INTEGRATED, *WORDS]


def product(rng, X, most):
    """A product of entries and traces: for each the letters, and where it is an entry its place.

    A letter is (transposed, conjugated), or the name of a constant.
    """
    size = rng.randint(1, most)
    n, may_be_even = int(X.shape[0]), not isinstance(X, HaarSpecialUnitary)
    if may_be_even and n % 2 == 0 and rng.random() < 0.9:
        size += size % 2 if size < most else -(size % 2)
    conjugates = _conjugates(rng, X, size)
    # In four dimensions the mean of a word is that of a polynomial of thousands of terms.
    entries_only = isinstance(X, HaarSpecialOrthogonal) and n == 4
    rows, columns = (rng.sample([k % n for k in range(size)], size) for _ in range(2))
    factors = []
    while conjugates:
        number = 1 if entries_only else rng.randint(1, len(conjugates))
        word = []
        for bar in [conjugates.pop() for _ in range(number)]:
            word.append((rng.random() < 0.3, bar))
            if not entries_only:
                word += rng.choices([[], ["A"], ["B"], ["AT"]], [4, 2, 2, 1])[0]
        place = None
        if entries_only or rng.random() < 0.3:
            place = rows.pop(), columns.pop()
        elif rng.random() < 0.3:
            place = rng.randrange(n), rng.randrange(n)
        factors.append((word, place))
    return factors


def _conjugates(rng, X, size):
    """Which letters are conjugated: so that the mean is not zero, most times."""
    if isinstance(X, CircularSymplectic):
        bars = [k % 2 == 1 for k in range(size + size % 2)]
    elif isinstance(X, HaarSpecialUnitary) and rng.random() < 0.8:
        d = int(X.shape[0])
        fitting = [k for k in range(size + 1) if (size - 2 * k) % d == 0]
        k = rng.choice(fitting or [0])
        bars = [True] * k + [False] * (size - k)
    else:
        bars = [rng.random() < 0.3 for _ in range(size)]
    rng.shuffle(bars)
    return bars


def written(factors, letter):
    """The product as SymPy writes it, with a matrix for each letter."""
    made = []
    for word, place in factors:
        matrix = MatMul(*(letter(x) for x in word))
        made.append(Trace(matrix) if place is None else MatrixElement(matrix, *place))
    return prod(made)


def _letter(X, constants):
    def letter(x):
        if isinstance(x, str):
            return constants[x[0]].T if len(x) > 1 else constants[x]
        transposed, bar = x
        matrix = X.T if transposed else X
        return conjugate(matrix) if bar else matrix

    return letter


def integrated(model, factors, arrays):
    """The mean by integration over the parameters."""
    bar = p.conjugated(model.rows)
    forms = {
        (False, False): model.rows,
        (True, False): p.turned(model.rows),
        (False, True): bar,
        (True, True): p.turned(bar),
    }
    for name, array in arrays.items():
        forms[name] = model.constant(array)
        forms[name + "T"] = p.turned(forms[name])
    total = model.ring(1)
    for word, place in factors:
        made = forms[word[0]]
        for x in word[1:]:
            made = p.times(made, forms[x])
        total *= p.trace(made) if place is None else made[place[0]][place[1]]
    return model.mean(total)


def by_word(X, factors, constants, there):
    """The mean by what the matrix is defined as: a word, or beside the determinant."""
    size = int(X.shape[0])
    if isinstance(X, CircularSymplectic):
        U, J = HaarUnitary("U", size), SymplecticForm(size).as_explicit()
        return E(written(factors, _letter(U * J * U.T * J.T, constants)), at=there)
    whole = HaarUnitary("X", size)
    expr = written(factors, _letter(whole, constants))
    letters = [x for word, _ in factors for x in word if not isinstance(x, str)]
    more = sum(1 - 2 * bar for _, bar in letters)
    if more % size:
        return 0
    power = determinant(whole) ** (abs(more) // size)
    return E(expr * (conjugate(power) if more > 0 else power), at=there)


def determinant(W):
    """The determinant of a matrix of size 1 to 4, in traces of its powers."""
    t = [Trace(W**power) for power in range(1, 5)]
    return [
        t[0],
        (t[0] ** 2 - t[1]) / 2,
        (t[0] ** 3 - 3 * t[0] * t[1] + 2 * t[2]) / 6,
        (t[0] ** 4 - 6 * t[0] ** 2 * t[1] + 3 * t[1] ** 2 + 8 * t[0] * t[2] - 6 * t[3]) / 24,
    ][int(W.shape[0]) - 1]


def check(name, number):
    """Return an expression, what `E` gives, and what the definition gives."""
    rng = random.Random(f"{name} {number}")
    law, size, *model, most = INTEGRATED.get(name) or WORDS[name]
    X = law("X", size)
    n = int(X.shape[0])
    factors = product(rng, X, most)
    arrays = {k: [[rng.randint(-2, 2) for _ in range(n)] for _ in range(n)] for k in "AB"}
    constants = {k: MatrixSymbol(k, n, n) for k in arrays}
    expr = written(factors, _letter(X, constants))
    there = {constants[k]: a for k, a in arrays.items() if expr.has(constants[k])}
    if rng.random() < 0.5:
        found = E(expr, at=there) if there else E(expr)
    else:
        put = {k: Matrix(a) for k, a in there.items()}
        put |= {J: J.as_explicit() for J in E(expr).atoms(SymplecticForm)}
        found = expand(E(expr).subs(put).doit())
    if model:
        return expr, found, integrated(model[0], factors, arrays)
    return expr, found, by_word(X, factors, constants, there or None)


def search(cases, first, say):
    """Compare half as many cases of each ensemble with its definition."""
    wrong, cases = 0, -(-cases // 2)
    for name in ENSEMBLES:
        zeros = 0
        for number in range(first, first + cases):
            expr, found, right = check(name, number)
            zeros += right == 0
            if expand(found - right) != 0:
                wrong += 1
                say(f"{name}, case {number}: E({expr}) is {found}, by definition {right}")
        say(f"{name}: {cases} cases, {zeros} of them 0")
    say(f"{wrong} wrong")
    return not wrong
