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
        self, *args: Any, **kwargs: Any
    ) -> Iterator[tuple[str, str, bool] | tuple[str, None, RuntimeError]]:
        """Copy files to hashed names, leaving the dashboard's as they are."""
        paths, *others = args
        mine = {name: found for name, found in paths.items() if not name.startswith(VITE_FOLDER)}
        yield from super().post_process(mine, *others, **kwargs)

    def stored_name(self, name: str) -> str:
        """Return the name under which a file is served."""
        return name if name.startswith(VITE_FOLDER) else super().stored_name(name)
