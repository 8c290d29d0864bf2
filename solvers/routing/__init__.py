"""Vehicle routing: semantics, search, independent check and explanation."""
