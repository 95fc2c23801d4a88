"""Fixtures of every test, and the servers under the test run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from arbsite.embedded import Lease, acquire

hypothesis.settings.register_profile(
    "ci", deadline=None, max_examples=60, print_blob=True, database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)  # fmt: skip
hypothesis.settings.register_profile(
    "thorough", parent=hypothesis.settings.get_profile("ci"), max_examples=2000
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

_LEASE = pytest.StashKey[Lease]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers once per run, in the process that also ends the run."""
    from django.conf import settings

    if settings.EMBEDDED_SERVICES and not hasattr(config, "workerinput"):
        config.stash[_LEASE] = acquire(
            Path(os.environ["ARBSITE_TEST_VAR"]),
            services=settings.EMBEDDED_SERVICES,
            linger=1.0,
            durable=False,
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers and remove their data."""
    lease = config.stash.get(_LEASE, None)
    if lease is not None:
        lease.stop()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["ARBSITE_TEST_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real recorded market data beside the checkout; a checkout without it skips what needs it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared market data at {folder}")
    return folder


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Forget rate limits, lockouts and cached pages between tests."""
    from django.core.cache import cache

    yield
    cache.clear()
