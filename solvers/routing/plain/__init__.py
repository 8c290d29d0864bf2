"""The compiled search of plain problems: clients with one load and one window at most, on routes that cost by distance."""
