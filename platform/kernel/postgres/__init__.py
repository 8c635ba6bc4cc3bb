"""Django's database backend of this house (settings.DATABASES: ENGINE "kernel.postgres")."""
