"""Algorithms only: a problem and a budget in, a solution and its proof out; nothing of HTTP, settings or processes."""
