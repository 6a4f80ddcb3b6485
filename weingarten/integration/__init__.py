"""The expectation: diagrams of letters and pieces, the routes that sum them, the answer.

- `diagram`: chains cut at the letters of one random matrix;
- `sides`: the pieces between row indices, or column indices, and what function they are;
- `entries`, `columns`: moments of entries;
- `contractions`, `symplectic`: pairs of pairings, one by one;
- `routes`: the ways to sum a diagram, each with its cost;
- `agenda`: which matrix is next;
- `answer`: one matrix after the other, and the sum of what is left;
- `expectation`: what `E` does without numbers.
"""

from weingarten.integration.contractions import contractions
from weingarten.integration.diagram import Cut
from weingarten.integration.expectation import expectation
from weingarten.integration.routes import LISTED, Effort, Integrated, Task, route

__all__ = [
    "LISTED",
    "Cut",
    "Effort",
    "Integrated",
    "Task",
    "contractions",
    "expectation",
    "route",
]
