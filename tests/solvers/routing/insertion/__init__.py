"""Tests of insertion into routes that stand."""
