"""The Celery application: its settings are Django's CELERY_…, its tasks sync's.

Imported by sync's `ready()`, so that tasks know their application in every process.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipamweb.settings")

app = Celery("ipamweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
