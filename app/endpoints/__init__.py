"""The endpoints, one module a feature: parse, submit, serialise."""
