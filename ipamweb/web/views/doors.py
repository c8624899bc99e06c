"""The door: sign in by name and password, after failures only so often.

Where no passwords are taken, it only shows the way to the provider of sign-ins
(single_sign_on.py).
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ipamweb.access import oidc_provider, throttle
from ipamweb.web.rendering import refuse


class SignIn(auth_views.LoginView):
    template_name = "login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.IPAMWEB_PASSWORDS:
            words = f"Sign in by {settings.IPAMWEB_OIDC_NAME}."
            return refuse(request, 403, heading="No passwords here", words=words)
        seconds = throttle.seconds_to_wait(
            request.POST.get("username", ""),
            origin=request.META.get("REMOTE_ADDR", ""),
            now=timezone.now(),
        )
        if seconds:
            return self._wait(seconds)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        # With the entry that the audit log gets of it.
        with transaction.atomic():
            answer = super().form_valid(form)
            # One that went out to the provider before was to be short.
            self.request.session.set_expiry(None)
            throttle.forgive(
                form.cleaned_data["username"],
                origin=self.request.META.get("REMOTE_ADDR", ""),
            )
        return answer

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | context()

    def _wait(self, seconds: int) -> HttpResponse:
        form = self.get_form_class()(
            self.request, initial={"username": self.request.POST.get("username", "")}
        )
        return self.render_to_response(
            self.get_context_data(form=form, seconds=seconds),
            status=429,
            headers={"Retry-After": str(seconds)},
        )


def context() -> dict[str, Any]:
    """Return by which ways one may come in; `provider` is its name, "" without one."""
    is_configured = oidc_provider.is_configured()
    return {
        "provider": settings.IPAMWEB_OIDC_NAME if is_configured else "",
        "passwords": settings.IPAMWEB_PASSWORDS,
    }
