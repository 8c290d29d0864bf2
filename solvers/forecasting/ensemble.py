"""
Forecast every series with a combination of 16 methods (compiled, all series of a chunk at once, on several threads).

The same members are fitted at earlier cutoffs: their errors weight the members of long histories, give the intervals and tell
what the combination adds over the naive forecasts. Very short series get the naive forecast, intermittent ones forecasts of
their own. When time runs short, the series that are left get the seasonal naive forecast, with a warning.
"""

import time
from collections.abc import Sequence
from typing import ClassVar, Literal

from models.forecasting.solution import MethodName
from solvers.base import Progress
from solvers.forecasting.backtest_selection import BacktestSelection, Clock
from solvers.forecasting.combined import Combined, chosen_of, combine
from solvers.forecasting.history import FloatArray
from solvers.forecasting.intermittent import intermittent_choices
from solvers.forecasting.selection import Chosen
from solvers.forecasting.width import fitted_widths

CHUNK = 1_000
"""Series fitted together."""

LARGEST_CHUNK = 200_000
"""Most observations of a chunk, so that the clock is read in time."""

FEW_SERIES = 20_000
"""Up to so many series are tested at three cutoffs, more at one: errors are pooled over the series of the request."""

SHOWN = 2_000
"""Series whose members stay in memory for the check and the explanation."""

SECONDS_PER_VALUE = 6e-6
"""Expected cost of one observation of one window, a season of 12."""


class Ensemble(BacktestSelection):
    """Combine the members of a pool."""

    name: ClassVar[str] = "ensemble"
    libraries: ClassVar[tuple[str, ...]] = ("numpy", "numba")
    forced: ClassVar[MethodName | None] = None

    def _fit(
        self, used: Sequence[FloatArray], m: int, horizon: int, clock: Clock, progress: Progress
    ) -> tuple[list[Chosen], Literal["time", "interrupted", "none"]]:
        """Return the choice of every series in order, and which limit cut the work short."""
        regular, simple = self._split(used)
        origins = 3 if len(regular) <= FEW_SERIES else 1
        order = sorted(regular, key=lambda i: -used[i].size)
        limit: Literal["time", "interrupted", "none"] = "none"
        done: list[tuple[list[int], Combined]] = []
        while order:
            begun = time.monotonic()
            part = order[: max(1, min(CHUNK, LARGEST_CHUNK // used[order[0]].size))]
            expected = SECONDS_PER_VALUE * sum(used[i].size for i in part) * (1 + origins) / clock.threads
            if (late := not clock.has_time(expected)) or progress.stop_requested():
                limit = "time" if late else "interrupted"
                simple += order
                break
            kept = [row for row, i in enumerate(part) if i < SHOWN]
            values = [used[i] for i in part]
            block = combine(values, season_length=m, horizon=horizon, origins=origins, threads=clock.threads, keep=kept)
            done.append((part, block))
            clock.pace = max(clock.pace, (time.monotonic() - begun) / expected)
            order = order[len(part) :]
            progress.log(f"{len(regular) - len(order)} of {len(regular)} series fitted")
        result = self._without_pool(used, simple, m, horizon)
        widths = fitted_widths([block.scales for _, block in done])
        for (part, block), width in zip(done, widths, strict=True):
            result |= zip(part, chosen_of(block, width), strict=True)
        return [result[index] for index in range(len(used))], limit

    def _sparse(self, used: Sequence[FloatArray], places: list[int], m: int, horizon: int) -> dict[int, Chosen]:
        """Return the forecasts of the intermittent series."""
        choices = intermittent_choices([used[i] for i in places], season_length=m, horizon=horizon)
        return dict(zip(places, choices, strict=True))
