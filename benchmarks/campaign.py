"""What the campaigns over random problems share: their command line."""

import argparse
from argparse import Namespace


def arguments(description: str | None, *, problems: int) -> Namespace:
    """Read the command line: `problems` from `first_seed` on, and whether the results file stays as it is (`no_file`)."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=int, default=problems)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--no-file", action="store_true", help="print only")
    return parser.parse_args()


def seeds(given: Namespace) -> range:
    """Return the seeds of the problems."""
    return range(given.first_seed, given.first_seed + given.problems)
