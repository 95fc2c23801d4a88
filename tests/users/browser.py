"""A browser that speaks to the API: keeps cookies, enforces CSRF, sends the token like the dashboard."""

import json
from typing import Any

from django.test import Client

from users.choices import Role
from users.models import User

SESSION = "/api/v1/session/"
AUTH = "/api/v1/auth/"
PASSWORD = "correct horse 7"


class Browser(Client):
    """Django's test client with CSRF checks on; `call` sends JSON with the CSRF token."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)

    def call(self, method: str, url: str, body: Any = None, **headers: str) -> Any:
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else self._fetch_token()
        sent = {"X-CSRFToken": token, **headers}
        return self.generic(method, url, _json(body), content_type="application/json", headers=sent)

    def sign_in(self, username: str, password: str = PASSWORD) -> Any:
        return self.call("POST", f"{AUTH}signin/", {"username": username, "password": password})

    def refresh(self) -> Any:
        return self.call("POST", f"{AUTH}refresh/")

    def is_in(self) -> bool:
        status: int = self.get(f"{AUTH}me/").status_code
        return status == 200

    def _fetch_token(self) -> str:
        value: str = self.get(SESSION).cookies["csrftoken"].value
        return value


def make_user(name: str, role: Role = Role.VIEWER, **facts: Any) -> User:
    return User.objects.create_user(name, password=PASSWORD, role=role, **facts)


def _json(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()
