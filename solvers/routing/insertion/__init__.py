"""Where an order fits into routes that stand: every place, what it costs, and what stands in the way."""
