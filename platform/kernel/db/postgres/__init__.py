"""Django's database backend with roles (settings.DATABASES: ENGINE "kernel.db.postgres")."""
