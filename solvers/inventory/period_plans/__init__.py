"""What fits into the shared capacity of one period: bounds and cuts for plans with few items and tight capacity."""
