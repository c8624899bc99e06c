"""The door: sign in by name and password, after failures only so often."""

from typing import Any

from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ipamweb.access import throttle


class SignIn(auth_views.LoginView):
    template_name = "login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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
            throttle.forgive(
                form.cleaned_data["username"],
                origin=self.request.META.get("REMOTE_ADDR", ""),
            )
        return answer

    def _wait(self, seconds: int) -> HttpResponse:
        form = self.get_form_class()(
            self.request, initial={"username": self.request.POST.get("username", "")}
        )
        context = self.get_context_data(form=form, seconds=seconds)
        return self.render_to_response(
            context, status=429, headers={"Retry-After": str(seconds)}
        )
