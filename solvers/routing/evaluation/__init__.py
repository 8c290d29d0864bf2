"""Given routes: read, timed, priced, and every condition that they break."""
