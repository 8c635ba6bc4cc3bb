"""Pages of billing: the public page, the trainee's orders, prices, the cashier."""
