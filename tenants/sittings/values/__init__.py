"""Values that cross from sittings to the apps above it, and back by its hook."""
