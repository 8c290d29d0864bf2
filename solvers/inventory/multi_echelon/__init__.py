"""Stock in networks of stages: guaranteed service on any acyclic network, stochastic service in a line."""
