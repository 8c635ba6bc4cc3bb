"""One trainee's whole life against a running server, by HTTP and WebSocket alone."""
