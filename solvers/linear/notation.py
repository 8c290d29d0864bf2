"""Signed sums and two-sided conditions, in whichever notation numbers and relations are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How numbers and relations are written; `times` stands between a coefficient and its name."""

    number: Callable[[float], str]
    times: str
    at_most: str
    at_least: str
    free: str

    def expression(self, terms: Iterable[tuple[str, float]]) -> str:
        """Return signed terms, such as `2 x - y`; `0` when there are none."""
        words: list[str] = []
        for name, value in terms:
            sign = "-" if value < 0 else "+"
            size = "" if abs(value) == 1 else f"{self.number(abs(value))}{self.times}"
            words.append(f"{sign} {size}{name}" if words else f"{'-' if value < 0 else ''}{size}{name}")
        return " ".join(words) or "0"

    def between(self, middle: str, lower: float, upper: float) -> str:
        """Return the condition `lower <= middle <= upper` without its infinite sides."""
        if lower == upper:
            return f"{middle} = {self.number(lower)}"
        if np.isfinite(lower) and np.isfinite(upper):
            return f"{self.number(lower)} {self.at_most} {middle} {self.at_most} {self.number(upper)}"
        if np.isfinite(lower):
            return f"{middle} {self.at_least} {self.number(lower)}"
        return f"{middle} {self.at_most} {self.number(upper)}" if np.isfinite(upper) else f"{middle} {self.free}"
