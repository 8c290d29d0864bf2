"""Ruin and recreate for constraints that only the schedule of a whole route can judge."""
