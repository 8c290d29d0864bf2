"""Inventory: what to order when, and what one more unit costs."""
