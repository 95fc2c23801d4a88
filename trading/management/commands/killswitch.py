"""`manage.py killswitch`: stop trading, see what is stopped, release it."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from common.clock import utc_now
from common.commands import ArbsiteCommand, UsageError
from trading.choices import KillScope
from trading.models import KillSwitch
from trading.services import engage_kill_switch, release_kill_switch
from trading.services.kill_switch import engaged_switches
from users.choices import Role
from users.models import User


class Command(ArbsiteCommand):
    help = "Stop new executions at once (engage), show what is stopped (status), start again (release)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True)
        engage = doing.add_parser("engage", help="Stop everything, or one user or source.")
        what = engage.add_mutually_exclusive_group()
        what.add_argument("--user", metavar="USERNAME", help="Stop only this user.")
        what.add_argument("--source", metavar="CODE", help="Stop only this price source.")
        engage.add_argument("--reason", required=True, help="Why; people are shown it.")
        engage.add_argument("--as", dest="actor", metavar="USERNAME", help="In whose name; default: nobody.")
        release = doing.add_parser("release", help="Ask for a release, or confirm another's.")
        release.add_argument("switch", metavar="ID", type=UUID, help="Id of the switch (see status).")
        release.add_argument("--as", dest="actor", metavar="USERNAME", required=True, help="Which operator.")
        doing.add_parser("status", help="List what is stopped.")
        for sub in doing.choices.values():
            sub.add_argument("--json", action="store_true", help="Print one JSON object instead of text.")
            if sub.prog.split()[-1] != "status":
                sub.add_argument("--dry-run", action="store_true", help="Say what would be done; do nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["doing"]:
            case "engage":
                self._engage(options)
            case "release":
                self._release(options)
            case _:
                self._status()

    def _engage(self, options: dict[str, Any]) -> None:
        scope, subject = KillScope.GLOBAL, ""
        if options["user"] is not None:
            scope, subject = KillScope.USER, options["user"]
        elif options["source"] is not None:
            scope, subject = KillScope.SOURCE, options["source"]
        actor = None if options["actor"] is None else _person(options["actor"], Role.TRADER)
        if options["dry_run"]:
            self.emit(
                {"would": "engage", "scope": scope, "subject": subject},
                f"Would stop {scope} {subject}".rstrip(),
            )
            return
        switch = engage_kill_switch(
            scope=scope, subject=subject, reason=options["reason"], actor=actor, now=utc_now()
        )
        self.emit(_facts(switch), f"Stopped: {_text(switch)}")

    def _release(self, options: dict[str, Any]) -> None:
        actor = _person(options["actor"], Role.OPERATOR)
        if options["dry_run"]:
            self.emit(
                {"would": "release", "id": str(options["switch"])}, f"Would release {options['switch']}."
            )
            return
        switch = release_kill_switch(switch_id=options["switch"], actor=actor, now=utc_now())
        word = "Release asked for" if switch.released_at is None else "Released"
        self.emit(_facts(switch), f"{word}: {_text(switch)}")

    def _status(self) -> None:
        switches = list(engaged_switches())
        lines = [_text(switch) for switch in switches] or ["Nothing is stopped."]
        facts = {"is_halted": any(switch.scope == KillScope.GLOBAL for switch in switches)}
        self.emit({**facts, "switches": [_facts(switch) for switch in switches]}, "\n".join(lines))


def _person(username: str, role: Role) -> User:
    user = User.objects.filter(username=username).first()
    if user is None or not user.has_role(role):
        raise UsageError(
            f"{username}: there is no active user of that name with the role {role.label.lower()}."
        )
    return user


def _facts(switch: KillSwitch) -> dict[str, Any]:
    return {
        "id": str(switch.pk),
        "scope": switch.scope,
        "subject": switch.subject,
        "reason": switch.reason,
        "engaged_at": switch.engaged_at,
        "release_asked_at": switch.release_asked_at,
        "released_at": switch.released_at,
    }


def _text(switch: KillSwitch) -> str:
    named = f" {switch.subject}" if switch.subject else ""
    asked = ", release asked for" if switch.release_asked_at and not switch.released_at else ""
    return f"{switch.pk}  {switch.get_scope_display()}{named}: {switch.reason}{asked}"
