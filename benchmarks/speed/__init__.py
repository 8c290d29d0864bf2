"""Speed of fixed work: how fast the service starts, and how fast it answers while it solves."""
