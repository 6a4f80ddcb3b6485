"""What every random matrix says of itself, as a SymPy matrix symbol that can be sampled.

The engine asks an ensemble for nothing but what stands here, so that a new one is one file: a
class with its shape, its law and its samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sympy import (
    Expr,
    Float,
    Integer,
    MatrixSymbol,
    S,
    Symbol,
    SympifyError,
    sympify,
)
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

from weingarten.ensembles.arrays import BesideArrays
from weingarten.functions.blocks import Law
from weingarten.functions.dimension import as_dimension
from weingarten.functions.groups import Group
from weingarten.limits import check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def generator(seed: Any) -> np.random.Generator:
    """Return the generator that a seed stands for.

    Raises
    ------
    TypeError, ValueError
        If it is no seed.
    """
    import numpy as np

    expected = "expected a non-negative integer, a numpy.random.Generator or None"
    if isinstance(seed, bool | np.bool_):
        raise TypeError(f"seed = {seed!r}: {expected}")
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise type(error)(f"seed = {seed!r}: {expected}") from None


class IndexOutOfRangeError(IndexError, ValueError):
    """An index of a matrix entry that is not in the range of the dimension."""


class RealElement(MatrixElement):
    """An entry of a real random matrix: its own conjugate."""

    is_real = True


class _Listed(type):
    """`dir` and `help` of an ensemble list what users call, not all that SymPy's classes have."""

    def __dir__(cls) -> list[str]:
        names = ("T", "H", "dimension", "mean", "sample", "shape", "variance")
        return [name for name in names if hasattr(cls, name)]


class RandomMatrix(BesideArrays, MatrixSymbol, metaclass=_Listed):
    """A random matrix: what `E` integrates over.

    Two random matrices are the same one when class, name and dimension agree; matrices with
    different names are independent.

    A class that is to be integrated says in its own body by which law: either `group` (and
    `is_haar`), the group whose pairings its moments are sums over, or `blocks`, if these are sums
    over set partitions, or `definition`, a word in other random matrices. One that inherits these
    has a law that nobody stated, and is refused.
    """

    #: The group whose pairings and class functions its moments are made of.
    group: Group
    #: Whether row and column indices are paired independently, with the Weingarten function of
    #: the two pairings for the weight, and the inverse is the conjugate transpose. If not, both
    #: are paired alike: Wick's formula.
    is_haar = True
    #: By which routes its moments are summed: by pairings of row and of column indices, or by those
    #: that are registered for another law: "joins", "blocks", "ends", "determinant", "circular".
    law = "pairings"
    #: How a pair of letters is joined, for a matrix that is joined with itself: the left end of one
    #: with the right end of the other ("crossed"), with the left end ("parallel"); None for others.
    joins: tuple[str, ...] | None = None
    #: Whether it is its own conjugate transpose.
    is_self_adjoint = False
    #: How its moments are sums over set partitions; None where indices are joined in pairs.
    blocks: Law | None = None
    #: The class that stated the law.
    _stated_by: type | None = None

    @classmethod
    def _made(cls, *args: Any) -> Self:
        """Return the matrix of these arguments, as SymPy holds them."""
        made: Self = Expr.__new__(cls, *args)
        return made

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if {"group", "blocks", "definition"} & set(vars(cls)):
            cls._stated_by = cls

    # Law ------------------------------------------------------------------------------------------

    @property
    def dimension(self) -> Expr:
        """What the functions in its moments are functions of."""
        return self.args[1]

    def scale(self, n: int) -> Expr:
        """Return what n pairs of entries contribute beside the function of the dimension."""
        return S.One

    @property
    def depends_on_dimension(self) -> bool:
        """Whether its moments are functions of the dimension, beside the scale."""
        return self.is_haar if self.blocks is None else self.blocks.depends_on_dimension

    @property
    def is_real_valued(self) -> bool:
        """Whether the entries are real."""
        if self.definition is not None:
            return False
        check_law(self)
        return self.group.alpha == 2 and self.form is None

    @property
    def form(self) -> Any:
        """The antisymmetric matrix through which two indices are joined; None for equality."""
        return None

    @property
    def has_unit_determinant(self) -> bool:
        """Whether the determinant is 1 in every draw."""
        return False

    @property
    def whole(self) -> RandomMatrix | None:
        """The Haar matrix of the whole group, of which those with determinant 1 are a part."""
        return None

    @property
    def definition(self) -> Any:
        """The matrix as a word in other random matrices; None if it has a law of its own."""
        return None

    @property
    def inverse_law(self) -> RandomMatrix | None:
        """The random matrix that the inverse is; None where it has no law of its own."""
        return None

    def margins(self, letters: int) -> tuple[Expr, ...]:
        """Return what must not be negative for a moment of so many letters to exist."""
        return ()

    @property
    def covariances(self) -> tuple[Any, Any] | None:
        """The covariances of a column and of a row, of a Gaussian matrix that has any."""
        return None

    @property
    def facts(self) -> tuple[Any, ...]:
        """What is known of the constants that it is made of."""
        return ()

    # SymPy ----------------------------------------------------------------------------------------

    def valid_index(self, i: Any, j: Any) -> bool:
        """Return True for an index pair that is within the shape, as far as can be seen.

        Raises
        ------
        IndexOutOfRangeError, TypeError
            If an index is negative, not below the dimension, or not an integer.
        """
        for index, size, which in ((i, self.shape[0], "row"), (j, self.shape[1], "column")):
            check_index(index, size, f"{which} index of {self.name}")
        return True

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple) and len(key) == 2 and not any(isinstance(k, slice) for k in key):
            self.valid_index(*key)
        try:
            return super().__getitem__(key)
        except IndexError as reason:
            if str(reason):
                raise
            raise IndexOutOfRangeError(
                f"a slice of {self.name} runs out of range: expected one within the shape "
                f"{self.shape}"
            ) from None

    def _entry(self, i: Expr, j: Expr, **_: Any) -> MatrixElement:
        return (RealElement if self.is_real_valued else MatrixElement)(self, i, j)

    def inverse(self) -> Any:
        """Return the inverse: of a Haar matrix, the conjugate transpose."""
        if not self.is_haar:
            return super().inverse()
        return self.T if self.is_real_valued else self.H

    @property
    def I(self) -> Any:  # noqa: E743 - SymPy's name
        """The inverse: of a Haar matrix, the conjugate transpose."""
        return self.inverse()

    def __pow__(self, exponent: Any) -> Any:
        # Written with the transpose, an entry of it is not a quotient of determinants.
        if (
            self.is_haar
            and getattr(exponent, "is_number", isinstance(exponent, int))
            and exponent < 0
        ):
            return self.inverse() ** -exponent
        return super().__pow__(exponent)

    # Samples --------------------------------------------------------------------------------------

    def sample(self, size: int, seed: Any = None) -> NDArray[np.generic]:
        """Return independent draws of the matrix.

        Parameters
        ----------
        size : int
            The number of draws.
        seed : int, numpy.random.Generator or None
            Where the randomness comes from, as `numpy.random.default_rng` takes it.

        Returns
        -------
        ndarray, shape (size, rows, columns)
            The draws.

        Raises
        ------
        TypeError, ValueError
            If the class does not state its law, or the dimension is a symbol.
        """
        check_law(self)
        size = check_size(size, "size")
        dimension = self.dimension
        if not dimension.is_Integer:
            symbol = min(dimension.free_symbols, key=str)
            raise ValueError(
                f"{self.name} has the symbolic dimension {dimension}; to sample it, substitute "
                f"a number: {self.name}.subs({symbol}, 5).sample(...)"
            )
        return self._sample(int(dimension), size, generator(seed))

    def _sample(self, d: int, size: int, rng: np.random.Generator) -> NDArray[np.generic]:
        raise NotImplementedError


class SquareRandomMatrix(RandomMatrix):
    """A random matrix given by its name and one number for its size."""

    #: What the number is called in messages.
    _argument = "d"

    def __new__(cls, name: str | Str | Symbol, d: Any) -> Self:  # noqa: D102
        return cls._made(as_name(name), as_dimension(d, cls._argument))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The shape of the matrix."""
        return self.args[1], self.args[1]


def check_index(index: Any, size: Expr, argument: str) -> None:
    """Let pass an index that is, as far as can be seen, an integer below `size` and not negative.

    Raises
    ------
    IndexOutOfRangeError, TypeError
        If it is not.
    """
    try:
        given = sympify(index, strict=True)
    except SympifyError:
        given = None
    if not isinstance(given, Expr) or given.is_integer is False or given.has(Float):
        raise TypeError(f"{argument} = {index!r}: expected an integer from 0 to {size - 1}")
    index = given
    if (index < 0) == True or (index >= size) == True:  # noqa: E712 - SymPy's three truth values
        raise IndexOutOfRangeError(
            f"{argument} = {index}: expected an integer from 0 to {size - 1}"
        )


def as_name(name: str | Str | Symbol) -> Str:
    """Return the name of a matrix as SymPy holds it.

    Raises
    ------
    TypeError
        If it is no string.
    """
    if isinstance(name, Symbol):
        name = name.name
    if not isinstance(name, str | Str):
        raise TypeError(f"name = {name!r}: expected a string")
    return Str(str(name))


def as_flag(value: Any, argument: str) -> Expr:
    """Return what is true or false as SymPy holds it, 1 or 0.

    Raises
    ------
    TypeError
        If it is neither.

    Examples
    --------
    >>> as_flag(True, "complex"), as_flag(0, "complex")
    (1, 0)
    >>> as_flag("no", "complex")
    Traceback (most recent call last):
    ...
    TypeError: complex = 'no': expected True or False
    """
    plain = value.item() if type(value).__module__ == "numpy" else value
    if not isinstance(plain, int | Integer) or plain not in (0, 1):
        raise TypeError(f"{argument} = {value!r}: expected True or False")
    return Integer(plain)


def random_matrices(expr: Any) -> set[RandomMatrix]:
    """Return the random matrices in an expression.

    Raises
    ------
    ValueError
        If one name stands for two different matrices, one of them random.
    """
    found: set[RandomMatrix] = expr.atoms(RandomMatrix)
    by_name: dict[str, RandomMatrix] = {}
    for matrix in sorted(found, key=lambda m: (str(m), str(m.args))):
        other = by_name.setdefault(matrix.name, matrix)
        if other != matrix:
            raise ValueError(
                f"the name {matrix.name!r} stands for two random matrices: "
                f"{_describe(other)} and {_describe(matrix)}; expected one"
            )
    for constant in expr.atoms(MatrixSymbol) if found else ():
        if type(constant) is MatrixSymbol and constant.name in by_name:
            raise ValueError(
                f"the name {constant.name!r} stands for a random matrix, "
                f"{_describe(by_name[constant.name])}, and for a constant; expected another name "
                "for one of them"
            )
    return found


def made_of(matrix: RandomMatrix) -> set[RandomMatrix]:
    """Return the matrices that are integrated for a random matrix: those of its definition."""
    if matrix.definition is None:
        return {matrix}
    return {part for m in random_matrices(matrix.definition) for part in made_of(m)}


def check_law(matrix: RandomMatrix) -> None:
    """Let pass a random matrix whose own class states its law.

    Raises
    ------
    TypeError
        If the class inherits its law: what it changed is not known.
    """
    kind = type(matrix)
    if kind._stated_by is not kind:
        parent = kind.__mro__[1].__name__
        raise TypeError(
            f"{matrix} is of the class {kind.__name__}, derived from {parent} without a law of its "
            f"own; expected `group`, `blocks` or `definition` in its body "
            f"(`group = {parent}.group` if the law is that of {parent})"
        )


def _describe(matrix: RandomMatrix) -> str:
    rows, columns = matrix.shape
    return f"{type(matrix).__name__} of shape {rows} x {columns}"
