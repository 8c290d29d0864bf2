"""Stock policies: closed forms, searches and recursions, each with its formulas worked out in numbers."""
