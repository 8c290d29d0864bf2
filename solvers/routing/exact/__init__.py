"""Exact routing for tiny problems: the cheapest route of every set of orders, then the cheapest partition."""
