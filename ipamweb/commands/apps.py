from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "ipamweb.commands"

    def ready(self) -> None:
        import ipamweb.checks  # noqa: F401  (registers the system checks)
