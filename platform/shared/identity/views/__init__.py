"""Pages of identity: the entrance, one's own account, people and roles, the counter."""
