"""Fixtures of the alerts' API tests."""

import pytest
from rest_framework.test import APIClient

from tests.opportunities.alert_factories import open_webhook


@pytest.fixture
def webhook(settings):
    with open_webhook() as server:
        settings.ALERT_ALLOW_PRIVATE_HOSTS = [server.place]
        yield server


@pytest.fixture
def others(charlie) -> APIClient:
    """Return a client of the API, logged in as a stranger."""
    client = APIClient()
    client.force_authenticate(charlie)
    return client
