"""Pure parts: signatures, masks, the retry schedule, and the columns of existing platforms' files."""
