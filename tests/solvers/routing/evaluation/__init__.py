"""Tests of given routes."""
