"""Pages of billing: the public window, the trainee's orders, the price desk, the till."""
