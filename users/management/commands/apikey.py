"""`manage.py apikey create|revoke|list`: keys for programs, without a browser."""

from argparse import ArgumentParser
from typing import Any

from common.clock import utc_now
from common.commands import ArbsiteCommand, UsageError
from common.errors import NotFound
from users.choices import Scope
from users.models import ApiKey, User
from users.services import MAX_DAYS, KeyOrder, create_api_key, revoke_api_key

_NAME_LENGTH = 80


class Command(ArbsiteCommand):
    help = "Make, take back or list API keys. A key's secret is printed once and kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        create = actions.add_parser("create", help="Make a key and print it.")
        create.add_argument("--user", required=True, help="Whose key: it can do no more than they can.")
        create.add_argument("--name", required=True, help="To recognise it.")
        create.add_argument(
            "--scope",
            action="append",
            choices=[scope.value for scope in Scope],
            help="May be given again; each includes the ones before it: read, trade, ops. Default: read.",
        )
        create.add_argument("--days", type=int, help="Days until it expires; default: never.")
        revoke = actions.add_parser("revoke", help="Take a key back.")
        revoke.add_argument("key", help="Its prefix (or the whole key).")
        listing = actions.add_parser("list", help="List keys, newest first.")
        listing.add_argument("--user", help="Only this user's.")
        listing.add_argument("--all", action="store_true", help="Revoked and expired ones too.")
        for sub in (create, revoke, listing):
            sub.add_argument("--json", action="store_true", help="Print one JSON object instead of text.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")(**options)

    def _create(self, *, user: str, name: str, scope: list[str] | None, days: int | None, **_: Any) -> None:
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise UsageError(f"--days: give 1 to {MAX_DAYS:,}.")
        if not name.strip() or len(name) > _NAME_LENGTH or not name.isprintable():
            raise UsageError(f"--name: give 1 to {_NAME_LENGTH} printable characters.")
        order = KeyOrder(name.strip(), frozenset(Scope(one) for one in scope or ["read"]), days)
        made = create_api_key(_user(user), order=order, actor=None, now=utc_now())
        self.emit(
            {**_facts(made.row), "key": made.secret},
            f"{made.secret}\n{_line(made.row)}\nThe key is shown this once.",
        )

    def _revoke(self, *, key: str, **_: Any) -> None:
        prefix = key.removeprefix("arb_").partition("_")[0]
        row = ApiKey.objects.select_related("user").filter(prefix=prefix).first()
        if row is None:
            raise NotFound(detail=f"There is no API key with the prefix {prefix!r}.")
        was_usable = revoke_api_key(row, actor=None, now=utc_now())
        row.refresh_from_db()
        self.emit(
            {**_facts(row), "changed": was_usable},
            f"{'Revoked' if was_usable else 'Was revoked before'}: {_line(row)}",
        )

    def _list(self, *, user: str | None, all: bool, **_: Any) -> None:
        rows = ApiKey.objects.select_related("user").order_by("-created_at", "-pk")
        if user is not None:
            rows = rows.filter(user=_user(user))
        if not all:
            rows = rows.filter(revoked_at=None).exclude(expires_at__lte=utc_now())
        keys = list(rows)
        text = "\n".join(_line(row) for row in keys) or "No API keys."
        self.emit({"keys": [_facts(row) for row in keys]}, text)


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(detail=f"There is no user {username!r}.")
    return user


def _facts(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "user": key.user.username,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }


def _line(key: ApiKey) -> str:
    ends = f"expires {key.expires_at:%Y-%m-%d}" if key.expires_at else "does not expire"
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else f"{ends}, {used}"
    return f"{key.prefix}  {key.user.username:<16} {','.join(key.scopes):<16} {state}  {key.name}"
