"""Data only: what a client posts and what it gets back. No algorithm and no input/output lives here."""
