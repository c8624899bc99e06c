"""What was so at an instant: the question asked of every row that has its time.

A version holds from its beginning up to its end, which is the beginning of the next; a
thing was there from when it was first seen until it was known gone.
"""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

AnyModel = TypeVar("AnyModel", bound=models.Model)


class Versions(models.Manager[AnyModel]):
    """Rows with `valid_from` and `valid_to`: how something was for some time."""

    def valid_at(
        self, moment: datetime, *also: Q, **of: Any
    ) -> models.QuerySet[AnyModel]:
        """Return those that were valid at an instant, and answer to `of`."""
        is_so = Q(valid_to=None) | Q(valid_to__gt=moment)
        return self.filter(is_so, *also, valid_from__lte=moment, **of)


class Things(models.Manager[AnyModel]):
    """Rows with `first_seen` and `gone_by`: things that come and go."""

    def there_at(
        self, moment: datetime, *also: Q, **of: Any
    ) -> models.QuerySet[AnyModel]:
        """Return those that were there at an instant, and answer to `of`."""
        is_there = Q(gone_by=None) | Q(gone_by__gt=moment)
        return self.filter(is_there, *also, first_seen__lte=moment, **of)
