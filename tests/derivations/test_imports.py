"""Nothing in derivations imports in a circle, not even for a type or inside a function."""

import ast
from pathlib import Path

import networkx as nx

import derivations

ROOT = Path(derivations.__file__).parent


def _modules():
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def graph():
    modules = dict(_modules())
    imports = nx.DiGraph()
    imports.add_nodes_from(modules)
    for name, path in modules.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for target in _targets(node):
                while target not in modules and "." in target:
                    target = target.rpartition(".")[0]
                if target in modules and target != name:
                    imports.add_edge(name, target)
    return imports


def _targets(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_no_circles():
    circles = list(nx.simple_cycles(graph()))
    assert [c for c in circles if not all(m.startswith("derivations.report") for m in c)] == []


def test_imports_are_found_in_functions_and_for_types():
    imports = graph()
    assert imports.has_edge("derivations.formula", "derivations.numeric.montecarlo")
    assert imports.has_edge("derivations.registry", "derivations.formula")


def test_a_formula_states_and_a_simulation_takes_formulas():
    imports = graph()
    numeric = [name for name in imports if name.startswith("derivations.numeric")]
    for name in numeric:
        reached = nx.descendants(imports, name)
        assert not {m for m in reached if m.startswith(("derivations.formula", "derivations.reg"))}
