from django.apps import AppConfig
from django.db import connection


class MirrorConfig(AppConfig):
    name = "ipamweb.mirror"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if connection.vendor == "postgresql":
            # Where there is SQLite only, nothing of PostgreSQL's is loaded.
            from ipamweb.mirror import postgres_times

            postgres_times.install()
