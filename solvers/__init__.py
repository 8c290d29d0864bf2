"""Algorithms only: a problem and a budget in, a solution and its proof out. Nothing here knows of HTTP, settings or processes."""
