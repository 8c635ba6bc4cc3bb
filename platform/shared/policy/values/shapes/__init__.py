"""The shapes of a pack's sections: what each must hold and what fits together. The pack keeps the sources."""
