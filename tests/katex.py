"""KaTeX as the documentation pages use it, run by a JavaScript engine in its strictest mode."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from py_mini_racer import MiniRacer

from tests.server import ROOT

KATEX = ROOT / "app" / "static" / "vendor" / "katex-0.19.1" / "katex.min.js"
COMPLAINTS = """
function complaints(texts) {
  const options = {strict: "error", throwOnError: true, displayMode: true};
  const complaint = text => {
    try { katex.renderToString(text, options); return null; } catch (error) { return [text, String(error)]; }
  };
  return JSON.stringify(texts.map(complaint).filter(found => found !== null));
}
"""


@cache
def _engine() -> MiniRacer:
    engine = MiniRacer()
    engine.eval(KATEX.read_text(encoding="utf-8"))
    engine.eval(COMPLAINTS)
    return engine


def complaints(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return each text that KaTeX refuses, with its reason."""
    found = json.loads(_engine().eval(f"complaints({json.dumps(list(texts))})"))
    return [(text, reason) for text, reason in found]


def latex_of(answer: Any) -> Iterator[str]:
    """Yield every text of an answer whose key says that it is LaTeX."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if isinstance(value, str) and key.endswith("latex"):
                yield value
            else:
                yield from latex_of(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from latex_of(value)
