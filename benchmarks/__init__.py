"""Quality and speed, measured against known answers and peers on the same instances, in the same seconds, in one run."""
