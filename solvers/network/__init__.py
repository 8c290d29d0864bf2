"""Network problems: shortest path, maximum flow, minimum cost flow, assignment, facility location."""
