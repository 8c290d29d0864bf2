"""
The formulation of a forecasting answer: the choice by backtest, and the equations of every method that was used.

Sets: time t, step h, cutoff k, method m. Parameters: the observations y_t. Decision variables: weights and initial states of
each method, and the method. Objective: the mean scaled absolute error of the backtest.
"""

from collections.abc import Sequence

from models.explanation import Formulation, Symbol
from models.forecasting import ForecastProblem
from solvers.forecasting.answer import Evidence
from solvers.forecasting.explain_likeness import EQUATION
from solvers.forecasting.likeness_semantics import new_items

_SMOOTHING_LATEX = r"""
\begin{aligned}
e_t &= (y_t - s_{t-m}) - (l_{t-1} + \phi b_{t-1}) \;\text{or}\; y_t / s_{t-m} - (l_{t-1} + \phi b_{t-1}) \\
l_t &= l_{t-1} + \phi b_{t-1} + \alpha e_t, \quad b_t = \phi b_{t-1} + \beta e_t \\
s_t &= s_{t-m} + \gamma e_t \;\text{or}\; s_{t-m} + \gamma (y_t / (l_{t-1} + \phi b_{t-1}) - s_{t-m}) \\
\hat y_{n+h} &= l_n + (\phi + \dots + \phi^h) b_n + s \;\text{or}\; (l_n + (\phi + \dots + \phi^h) b_n)\, s
\end{aligned}
""".strip()

_SMOOTHING_TEXT = (
    "e = (y - s) - (l + phi b) or y / s - (l + phi b); l += phi b + alpha e; b = phi b + beta e; "
    "s += gamma e or gamma (y / (l + phi b) - s); yhat[n+h] = l + (phi + ... + phi^h) b + s or times s"
)

_THETA_LATEX = r"""
\begin{aligned}
\hat x_{t+1} &= l_t + w \left[ (1-\alpha)^t A_t + \tfrac{1 - (1-\alpha)^{t+1}}{\alpha} B_t \right], \quad w = 1 - 1/\theta \\
l_t &= \alpha x_t + (1-\alpha) l_{t-1}, \quad \hat y_{n+h} = \hat x_{n+h} + s \;\text{or}\; \hat x_{n+h}\, s
\end{aligned}
""".strip()

_THETA_TEXT = (
    "xhat[t+1] = l + w ((1-alpha)^t A + (1 - (1-alpha)^(t+1)) / alpha B), w = 1 - 1/theta; l = alpha x + (1-alpha) l; "
    "A, B: least-squares line through x[1..t]; yhat = xhat + s or times s"
)

_WALK_LATEX = r"""
\begin{aligned}
\ln y_t &= \ln y_{t-1} + \mu + \sigma \varepsilon_t, \quad v_h = h \sigma^2 + (h \, \mathrm{se})^2 [\mu \ne 0] \\
\hat y_{n+h} &= y_n e^{h \mu + v_h / 2}, \quad q_p = y_n e^{h \mu + z_p \sqrt{v_h}}
\end{aligned}
""".strip()

_WALK_TEXT = (
    "ln y[t] = ln y[t-1] + mu + sigma eps; v = h sigma^2, and (h se)^2 more where mu is not 0; "
    "yhat[n+h] = y[n] exp(h mu + v / 2); quantile p: y[n] exp(h mu + z_p sqrt(v))"
)

_EQUATIONS: dict[str, tuple[str, str, str]] = {
    "naive": (r"\hat y_{n+h} = y_n", "yhat[n+h] = y[n]", "The last value is carried forward."),
    "seasonal_naive": (
        r"\hat y_{n+h} = y_{n+h-m\lceil h/m \rceil}",
        "yhat[n+h] = y[n + h - m ceil(h/m)]",
        "The value of the same season, one season ago.",
    ),
    "historical_mean": (
        r"\hat y_{n+h} = \tfrac1n \sum_{t=1}^n y_t",
        "yhat[n+h] = mean of y[1..n]",
        "The mean demand per period.",
    ),
    "weighted_mean": (
        r"\hat y_{n+h} = c_h \sum_t (1-\alpha)^{n-t} y_t \big/ \sum_t (1-\alpha)^{n-t}",
        "yhat[n+h] = c[h] x weighted mean of y, weights (1 - alpha)^(n - t)",
        "A mean in which recent periods count more, scaled to the total of the intermittent series.",
    ),
    "croston": (
        r"\hat y_{n+h} = z_n / p_n",
        "yhat[n+h] = z / p",
        "Croston: sizes z and intervals p of the demands, each smoothed with weight alpha.",
    ),
    "sba": (
        r"\hat y_{n+h} = (1 - \alpha / 2)\, z_n / p_n",
        "yhat[n+h] = (1 - alpha / 2) z / p",
        "Croston's forecast with the correction of Syntetos and Boylan.",
    ),
    "tsb": (
        r"\hat y_{n+h} = \pi_n z_n",
        "yhat[n+h] = pi z",
        "Teunter, Syntetos and Babai: probability pi of a demand, smoothed every period, times its smoothed size z.",
    ),
    "imapa": (
        r"\hat y_{n+h} = \tfrac1K \sum_{k=1}^K l^{(k)}_n / k",
        "yhat[n+h] = mean over k of l_k / k",
        "IMAPA: smoothed sums l of blocks of k periods, up to the mean interval between demands.",
    ),
    "random_walk": (
        _WALK_LATEX,
        _WALK_TEXT,
        "Random walk of the log price; drift mu is 0 unless its t test at 5 % says otherwise; numbers in `fit.returns`.",
    ),
    "ensemble": (
        r"\hat y_{n+h} = \sum_{k} w_{kh} \hat y^k_{n+h}, \quad \sum_k w_{kh} = 1, \; w_{kh} \ge 0",
        "yhat[n+h] = sum over members k of w[k,h] yhat_k[n+h], weights at least 0 with sum 1",
        "A weighted mean of the forecasts of 16 methods (two seasons: 34); the rule is `fit.combination`.",
    ),
    "exponential_smoothing": (
        _SMOOTHING_LATEX,
        _SMOOTHING_TEXT,
        "Level, trend and season follow the one-step errors; weights by corrected Akaike criterion on a grid.",
    ),
    "theta": (
        _THETA_LATEX,
        _THETA_TEXT,
        "A level that follows the seasonally adjusted series plus a share w of its least-squares line.",
    ),
}


_COVARIATES = Symbol(
    symbol="covariates",
    latex=r"y_t = u_t \exp\!\Big(\sum_j \beta_j (x_{tj} - r_j)\Big) \;\text{or}\; u_t + \sum_j \beta_j (x_{tj} - r_j), \quad "
    r"\min_\beta \sum_t e_t^2 + \sum_j \kappa_j (\beta_j - \bar\beta_j)^2",
    text="y = u exp(sum of beta_j (x_j - r_j)) or u + that sum; beta minimises the squared one-step errors e of simple "
    "smoothing of u plus kappa_j (beta_j - betabar_j)^2; the methods forecast u",
    meaning="Effects of covariates and events: regression with exponential-smoothing errors; numbers in `fit.covariates`.",
    unit=None,
    pointer="/series",
    count=None,
)


def formulation(problem: ForecastProblem, evidence: Evidence) -> Formulation:
    """Return the formulation with one block of equations per method used."""
    used = list(dict.fromkeys(chosen.method for chosen in evidence.chosen))
    objective = Symbol(
        symbol="score",
        latex=r"\min_m \frac{1}{KH} \sum_{k=1}^{K} \sum_{h=1}^{H} \frac{|y_{c_k+h} - \hat y^m_{c_k+h}|}{q}",
        text="min over methods m of the mean over cutoffs c_k and steps h of |y - yhat_m| / q",
        meaning="Mean scaled absolute error of the backtest; q is the mean absolute seasonal difference of the history.",
        unit=None,
        pointer=None,
        count=1,
    )
    equations = [_equation(name, sum(chosen.method == name for chosen in evidence.chosen)) for name in used]
    driven = sum(chosen.effect is not None for chosen in evidence.chosen)
    equations += [_COVARIATES.model_copy(update={"count": driven})] if driven else []
    new = len(new_items(problem))
    equations += [EQUATION.model_copy(update={"count": new})] if new else []
    lines = [objective.latex, *(equation.latex for equation in equations)]
    return Formulation(
        name="forecast by " + ", ".join(used),
        sense="min",
        size=None,
        sets=_sets(problem, evidence),
        parameters=[_symbol("y_t", "y_t", "Observations.", pointer="/series" if problem.series is not None else "/rows")],
        variables=_variables(),
        objective=objective,
        constraints=equations,
        latex=r"\begin{gathered} " + r" \\ ".join(lines) + r" \end{gathered}",
        text="\n".join([objective.text, *(f"{equation.symbol}: {equation.text}" for equation in equations)]),
        mps=None,
        lp=None,
        dual_latex=None,
        dual_text=None,
    )


def _symbol(
    symbol: str, latex: str, meaning: str, *, unit: str | None = None, pointer: str | None = None, count: int | None = None
) -> Symbol:
    return Symbol(symbol=symbol, latex=latex, text=symbol, meaning=meaning, unit=unit, pointer=pointer, count=count)


def _equation(name: str, count: int) -> Symbol:
    latex, text, meaning = _EQUATIONS[name]
    return Symbol(symbol=name, latex=latex, text=text, meaning=meaning, unit=None, pointer=None, count=count)


def _sets(problem: ForecastProblem, evidence: Evidence) -> Sequence[Symbol]:
    origins = max(len(chosen.plan.cutoffs) for chosen in evidence.chosen)
    longest = max(values.size for values in evidence.used)
    return [
        _symbol("t", r"t = 1, \dots, n", "Observations, oldest first.", unit="period", count=longest),
        _symbol("h", r"h = 1, \dots, H", "Steps ahead.", unit="period", pointer="/horizon", count=problem.horizon),
        _symbol("m", "m", "Observations in one season.", unit="period", pointer="/season_length", count=evidence.season_length),
        _symbol("c_k", r"c_k, k = 1, \dots, K", "Cutoffs of the backtest.", unit="period", count=origins),
    ]


def _variables() -> Sequence[Symbol]:
    return [
        _symbol("alpha, beta, gamma", r"\alpha, \beta, \gamma", "Smoothing weights of level, trend and season, 0 to 1."),
        _symbol("phi", r"\phi", "Damping of the trend per step, 0 to 1."),
        _symbol("theta", r"\theta", "Theta coefficient, 1 or more."),
        _symbol("l_0, b_0, s", "l_0, b_0, s", "Initial level, trend and seasonal indices.", unit="unit of the series"),
    ]
