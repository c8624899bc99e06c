"""The roots: health, metrics, REST, pages. Each part lists its own below them."""

from django.urls import include, path

from ipamweb.api.views import metrics
from ipamweb.web.views import health

urlpatterns = [
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", metrics.scrape, name="metrics"),
    path("api/v1/", include("ipamweb.api.urls")),
    path("", include("ipamweb.web.urls")),
]

handler400 = "ipamweb.web.views.errors.bad_request"
handler403 = "ipamweb.web.views.errors.forbidden"
handler404 = "ipamweb.web.views.errors.not_found"
handler500 = "ipamweb.web.views.errors.server_error"
