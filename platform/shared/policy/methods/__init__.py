"""Pure algorithms of the policy: the pack and how its file is read, working days, who may enrol."""
