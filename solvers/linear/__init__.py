"""Linear and mixed-integer models as named arrays: solve, certify, explain, read and write."""
