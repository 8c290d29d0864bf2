"""The compiled search of pickup and delivery: shipments with one load, one window a step, costs by distance."""
