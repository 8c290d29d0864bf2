"""Runs as resources: the store, the queue and the events, behind the `RunEngine` protocol."""
