"""Pages of institutions: public, and of the deciding authority."""
