"""The static files storage of an image: Django's hashed names, except where Vite already made one."""

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

VITE_FOLDER = "dashboard/"


class HashedOnceStorage(ManifestStaticFilesStorage):
    """Hash every file but Vite's.

    A page that loads `main-X.<django hash>.js` while a lazy chunk imports `main-X.js` runs two Reacts and
    fails at the first lazy chunk; therefore the dashboard's files keep their name and their bytes.
    """

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception | None]]:
        """Copy the files of `paths` to hashed names, leaving the dashboard's as they are."""
        others = {name: found for name, found in paths.items() if not name.startswith(VITE_FOLDER)}
        yield from super().post_process(others, dry_run=dry_run, **options)

    def stored_name(self, name: str) -> str:
        """Return the name under which a file is served."""
        return name if name.startswith(VITE_FOLDER) else super().stored_name(name)
