"""Answers in other languages: functions of arrays, and text for other systems.

- `base`: a printer that writes what it knows and refuses the rest;
- `arrays`: `lambdify`, to functions of NumPy, JAX or PyTorch arrays;
- `languages`: `code`, to the text of Mathematica, Julia or Octave.
"""

from weingarten.printing.arrays import lambdify
from weingarten.printing.languages import code

__all__ = ["code", "lambdify"]
