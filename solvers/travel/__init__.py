"""Distance and duration matrices: planar, great-circle, or as given."""
