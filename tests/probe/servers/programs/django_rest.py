"""Django REST framework with simplejwt, set up as its documentation has it for tokens of another service.

Its own tokens have ``token_type: access``; another issuer's do not, so that check is off.
"""

# mypy: ignore-errors
from __future__ import annotations

import contextlib

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

from tests.real_clients.asgi import asgi_served
from tests.real_clients.programs import lines

urlpatterns = []


def configure(issuer: str, audience: str) -> None:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of the application",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [
                "rest_framework_simplejwt.authentication.JWTStatelessUserAuthentication"
            ],
            "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        },
        SIMPLE_JWT={
            "ALGORITHM": "RS256",
            "JWK_URL": f"{issuer}/.well-known/jwks.json",
            "ISSUER": issuer,
            "AUDIENCE": audience,
            "TOKEN_TYPE_CLAIM": None,
            "USER_ID_CLAIM": "sub",
        },
    )
    django.setup()


def add_views() -> None:
    """Its classes read the settings when they are imported."""
    from rest_framework.permissions import BasePermission, IsAuthenticated  # noqa: PLC0415
    from rest_framework.response import Response  # noqa: PLC0415
    from rest_framework.views import APIView  # noqa: PLC0415

    class MayRead(BasePermission):
        def has_permission(self, request, _view) -> bool:
            return "mcp:read" in request.auth.get("scope", "").split()

    class Notes(APIView):
        permission_classes = (IsAuthenticated, MayRead)

        def get(self, request) -> Response:
            return Response({"owner": request.user.pk, "notes": ["buy milk"]})

    urlpatterns.append(path("notes", Notes.as_view()))


def main() -> None:
    with contextlib.ExitStack() as serving:
        for command in lines.commands():
            configure(command["serve"], command["audience"])
            add_views()
            base_url = serving.enter_context(asgi_served(lambda _: get_asgi_application(), lifespan="off"))
            lines.answer(server=f"{base_url}/notes")


if __name__ == "__main__":
    main()
