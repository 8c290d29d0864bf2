"""Why orders are left out of a plan, and the smallest changes that would let them in."""
