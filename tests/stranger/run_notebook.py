"""A notebook of the README's kind, run; the kinds of output that it shows are printed."""

CELLS = (
    "import weingarten as wg\n"
    "from sympy import MatrixSymbol, Trace, symbols\n"
    "d = symbols('d', integer=True, positive=True)\n"
    "W = wg.HaarOrthogonal('W', d)\n"
    "A, B = MatrixSymbol('A', d, d), MatrixSymbol('B', d, d)\n"
    "wg.E(Trace(W*A*W.T*B))",
    "wg.explain(Trace(W*A*W.T*B)).draw()",
    "wg.crosscheck(W[0, 0]**2 * W[1, 1]**2, samples=2000, at={d: 3})",
    "from derivations import catalogue, sweep\ncatalogue['row-norm-variance']",
    "sweep('row-norm-variance', widths=[3, 4], networks=200)",
)


def main() -> None:
    """Run the cells; one that raises ends it with an error."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    for cell in notebook.cells:
        for output in cell.outputs:
            print(*output.get("data", {}))


if __name__ == "__main__":
    main()
