"""Tests of lower bounds by column generation."""
