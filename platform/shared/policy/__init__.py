"""The law as data: what is legal stands here, each value with its source, and nowhere else."""
