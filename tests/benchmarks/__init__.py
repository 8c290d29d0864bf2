"""Tests of the benchmark readers and of the referee, on made-up texts."""
