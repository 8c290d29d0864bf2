"""HTTP and processes only: parse, submit, serialise. The mathematics lives in `solvers`, the data types in `models`."""
