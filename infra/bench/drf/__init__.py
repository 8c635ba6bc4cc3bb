"""The baseline of `answers`: a save as a good DRF endpoint does it, one transaction a request. No part of the product.

It is tuned: persistent connections without a health check, the institution cached by host, the search path set once a
request, no middleware but the host's, one row locked and one row written. It does less than the gateway, which also
tells the room with a number that has no gaps; that is left out in the baseline's favour.
"""
