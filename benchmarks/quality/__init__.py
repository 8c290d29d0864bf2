"""Quality in fixed seconds: ours and the peers on the same instances, judged by one referee."""
