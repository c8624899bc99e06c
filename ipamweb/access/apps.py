from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ipamweb.access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ipamweb.access import signing_in  # noqa: F401
