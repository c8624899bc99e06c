from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "ipamweb.sync"

    def ready(self) -> None:
        # Binds @shared_task to our Celery application in the web process too.
        import ipamweb.celery  # noqa: F401
