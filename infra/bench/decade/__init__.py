"""Ten years of the province, as `pages` reads them: what has ended outweighs what runs. No part of the product."""
