"""Tests of reasons for what is left out."""
