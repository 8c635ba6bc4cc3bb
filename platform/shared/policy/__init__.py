"""Policy packs: the law as data, each value with its source, and nowhere else."""
