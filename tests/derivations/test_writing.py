"""LaTeX and plain text of formulas."""

import pytest
from sympy import (
    And,
    Eq,
    Ge,
    Gt,
    Integral,
    Le,
    Limit,
    Lt,
    Mul,
    Ne,
    Product,
    S,
    Sum,
    digamma,
    exp,
    factorial,
    harmonic,
    oo,
    polygamma,
    rf,
    sqrt,
)

from derivations import catalogue
from derivations.notation import (
    Covariance,
    Mean,
    Variance,
    W,
    X,
    X_next,
    a,
    d,
    i,
    j,
    k,
    lam,
    p,
    phi,
    phi_0,
    t,
)
from derivations.writing import latex, line, pieces, plain, terminal

CLAIMS = [step.claim for formula in catalogue.values() for step in formula.steps]
SENTENCES = [
    sentence
    for formula in catalogue.values()
    for sentence in (
        *(h.text for h in formula.hypotheses),
        *(text for step in formula.steps for text in (step.because, step.how())),
        formula.source,
        formula.singular,
    )
]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (W[i, j] ** 2, "W_{i j}^{2}"),
        (Mean(a[i]), r"\mathbb{E}\left[a_{i}\right]"),
        (Variance(a[i]), r"\operatorname{Var}\left(a_{i}\right)"),
        (Covariance(a[i], a[j]), r"\operatorname{Cov}\left(a_{i},\, a_{j}\right)"),
        (d * p(2) - p(1) ** 2, "d p_{2} - p_{1}^{2}"),
        (-d, "- d"),
        (digamma(d / 2), r"\psi\left(\frac{d}{2}\right)"),
        (lam[k], r"\lambda_{k}"),
        (W[1, 12], "W_{1, 12}"),
        (exp(-d) * exp(d**2), "e^{- d} e^{d^{2}}"),
        (exp(-d / 2), r"\exp\left(- \frac{d}{2}\right)"),
        (W[i + 1, j], "W_{i + 1, j}"),
        (Sum(lam[k], (k, 0, 3)), r"\sum_{k=0}^{3} \lambda_{k}"),
    ],
)
def test_latex_of_the_notation(expr, expected):
    assert latex(expr) == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (W[i, j] ** 12, "Wᵢⱼ¹²"),
        (Mean(phi(X_next), X), "E[φ(Xₗ₊₁) | Xₗ]"),
        (Covariance(a[i], a[j]), "Cov(aᵢ, aⱼ)"),
        (p(1) / d**2, "p₁/d²"),
        (1 / lam[k], "1/λₖ"),
    ],
)
def test_line_of_the_notation(expr, expected):
    assert line(expr) == expected


RELATIONS = {Eq: "=", Ne: "≠", Ge: "≥", Le: "≤", Gt: ">", Lt: "<"}
IN_LATEX = {Eq: "=", Ne: r"\neq", Ge: r"\geq", Le: r"\leq", Gt: ">", Lt: "<"}


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.__name__)
@pytest.mark.parametrize(
    ("left", "right"), [(Mean(a[i]), p(1) / d), (d, 2), (-d, p(1)), (Sum(lam[k], (k, 0, d - 1)), 1)]
)
def test_relations_are_written_as_what_they_are(relation, left, right):
    claim = relation(left, right, evaluate=False)
    sign = RELATIONS[relation]
    assert set(line(claim)) & set(RELATIONS.values()) == {sign}
    assert line(claim) == f"{line(left)} {sign} {line(S(right))}"
    assert set(terminal(claim)) & set(RELATIONS.values()) == {sign}
    assert latex(claim) == f"{latex(left)} {IN_LATEX[relation]} {latex(S(right))}"


def test_a_relation_inside_another_keeps_its_brackets():
    assert line(And(d >= 2, d < 5)) in ("(d ≥ 2) & (d < 5)", "(d < 5) & (d ≥ 2)")


WHOLE = (k, 0, d - 1)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Sum(lam[k], WHOLE), "∑ₖ λₖ"),
        (Sum(lam[k], WHOLE) ** 2, "(∑ₖ λₖ)²"),
        (Sum(lam[k] ** 2, WHOLE), "∑ₖ λₖ²"),
        (Sum(lam[k] + 1, WHOLE), "∑ₖ (λₖ + 1)"),
        (Product(lam[k], WHOLE) / d, "(∏ₖ λₖ)/d"),
        (Sum(lam[k], (k, 0, 3)), "∑ λₖ over k = 0, …, 3"),
        (Sum(lam[k], (k, 1, d - 1)), "∑ λₖ over k = 1, …, d - 1"),
        (
            Sum(W[i, k], WHOLE, (i, 0, d - 1)),
            "∑ Wᵢₖ over k = 0, …, d - 1 and i = 0, …, d - 1",
        ),
        (Integral(t, (t, 0, oo)), "∫ t dt over (0, ∞)"),
        (d * Integral(t, (t, 0, 1)), "d (∫ t dt over (0, 1))"),
        (Integral(t + d, (t, 0, 1)), "∫ (d + t) dt over (0, 1)"),
        (Integral(t, (t, 0, 1), (t, 0, 2)), "Integral(t, (t, 0, 1), (t, 0, 2))"),
        (t + Mul(-1, d - p(1), evaluate=False), "t - (d - p₁)"),
        (digamma(d), "ψ(d)"),
        (polygamma(1, d), "polygamma(1, d)"),
        (W[0, 12], "W[0, 12]"),
        (W[i + 1, j], "W[i + 1, j]"),
        (W[0, 1], "W₀₁"),
    ],
)
def test_line_leaves_nothing_out(expr, expected):
    assert line(expr) == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Sum(lam[k], WHOLE) ** 2, "       2\n(∑ₖ λₖ)"),
        (2 * Sum(lam[k] + 1, WHOLE), "2⋅∑ₖ (λₖ + 1)"),
        (digamma(d), "ψ(d)"),
        (polygamma(1, d), "polygamma(1, d)"),
        (W[0, 12], "W[0, 12]"),
    ],
)
def test_terminal_leaves_nothing_out(expr, expected):
    assert "\n".join(row.rstrip() for row in terminal(expr).splitlines()) == expected


def test_terminal_shows_the_range_of_a_sum():
    assert "k = 0" in terminal(Sum(lam[k], (k, 0, 3)))
    assert "k" in terminal(Product(lam[k], (k, 0, 3))) and "3" in terminal(
        Product(lam[k], (k, 0, 3))
    )


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_every_claim_can_be_written_in_every_way(claim):
    sign = RELATIONS[claim.func]
    assert f" {sign} " in line(claim)
    assert f" {sign} " in terminal(claim)
    assert f" {IN_LATEX[claim.func]} " in latex(claim)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_can_be_written_plainly(sentence):
    assert not set("\\$") & set(plain(sentence))


def test_pieces_put_together_are_the_sentence():
    for sentence in SENTENCES:
        assert "$".join(piece for piece, _ in pieces(sentence)) == sentence


def test_terminal_lines_of_every_statement_fit_eighty_columns():
    for formula in catalogue.values():
        assert max(map(len, str(formula).splitlines())) <= 80


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("$n = d$ & more", "n = d & more"),
        (r"$\det(A)^{1/d}$", "det(A)^(1/d)"),
        (r"$W_{i k}^2 \ge \sqrt{x}$", "Wᵢₖ² ≥ √x"),
        (r"$X_{l+1}$, $W_l$, $\lambda_{\min}$, $X_L$, $a_{l m}$", "Xₗ₊₁, Wₗ, λₘᵢₙ, X_L, aₗₘ"),
        (r"$\|\partial \mathcal{L}/\partial W_{L-1}\|$", "‖∂ℒ/∂W_(L-1)‖"),
        (r"$\mathbb{E}[\chi^{2 q}]$", "E[χ^(2 q)]"),
        (r"$45^{\circ}$", "45°"),
        (r"$\frac{1}{2} \|x\|$, $\frac12$", "1/2 ‖x‖, 1/2"),
        (r"$n \times n$, $d \gg n^2$, $0 < \eta$", "n × n, d ≫ n², 0 < η"),
        (r"$a \geq b \ge c$, $a \leq b \le c$", "a ≥ b ≥ c, a ≤ b ≤ c"),
        (r"$a \neq b \ne c$, $a > b \gt c$, $a < b \lt c$", "a ≠ b ≠ c, a > b > c, a < b < c"),
    ],
)
def test_plain(sentence, expected):
    assert plain(sentence) == expected


@pytest.mark.parametrize(
    ("expr", "in_latex", "on_a_line"),
    [
        (4 * sqrt(2) * sqrt(d), r"4 \sqrt{2 d}", "4 sqrt(2 d)"),
        (sqrt(phi_0) / sqrt(d), r"\sqrt{\frac{\phi_{0}}{d}}", "sqrt(φ₀/d)"),
        (1 / (1 + sqrt(2) * sqrt(d)), r"\frac{1}{\sqrt{2 d} + 1}", "1/(sqrt(2 d) + 1)"),
        (sqrt(d) * 2, r"2 \sqrt{d}", "2 sqrt(d)"),
    ],
)
def test_roots_beside_each_other_are_one(expr, in_latex, on_a_line):
    assert latex(expr) == in_latex
    assert line(expr) == on_a_line
    assert "2⋅d" in terminal(sqrt(2) * sqrt(d))


def test_what_a_line_says_in_words():
    assert line(Sum(lam[k], (k, 1, 3))) == "∑ λₖ over k = 1, …, 3"
    assert line(rf(d / 2, k)) == "(d/2)_k" and latex(rf(d / 2, k)).endswith(r"_{k}")
    assert line(harmonic(k, 2)) == "(∑ l^(-2) over l = 1, …, k)"
    assert line(Limit(1 / d, d, oo)) == "lim_(d → ∞) 1/d"
    assert line(factorial(k)) == "k!"
