"""Is the process alive, and can it serve? Open to everyone; they say nothing else.

A stale cluster is no unreadiness: pages say it, and traffic must still reach them.
"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    return _answer("alive")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    try:
        executor = MigrationExecutor(connection)
        is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _answer("the database does not answer", status=503)
    if not is_migrated:
        return _answer("migrations are not applied", status=503)
    return _answer("ready")


def _answer(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain", status=status)
