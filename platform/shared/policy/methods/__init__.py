"""Pure algorithms of the policy: authorities, ages, plans, numbers, who may enrol."""
