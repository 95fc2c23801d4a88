"""The document that carries the dashboard, and the static files behind it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from django.test import Client
from django_vite.core.asset_loader import DjangoViteAssetLoader
from pytest_django.fixtures import Settings

from arbsite.settings.static import WHITENOISE_IMMUTABLE_FILE_TEST
from arbsite.static_storage import HashedOnceStorage

MANIFEST = {
    "src/main.tsx": {
        "file": "dashboard/main-AbC_1234.js",
        "src": "src/main.tsx",
        "isEntry": True,
        "css": ["dashboard/main-XyZ-5678.css"],
    }
}


@pytest.fixture
def vite(settings: Settings) -> Iterator[Settings]:
    """Let a test change DJANGO_VITE: the loader reads it once per process."""
    DjangoViteAssetLoader._instance = None
    yield settings
    DjangoViteAssetLoader._instance = None


@pytest.fixture
def built(vite: Settings, tmp_path: Path) -> Path:
    """Point the page at a build made up for the test."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    vite.DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": manifest}}
    return manifest


@pytest.fixture
def unbuilt(vite: Settings, tmp_path: Path) -> Settings:
    """Point the page at a build that does not exist."""
    vite.DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": tmp_path / "manifest.json"}}
    vite.FRONTEND_DIST = tmp_path / "dist"
    return vite


@pytest.mark.parametrize("path", ["/app", "/app/", "/app/opportunities", "/app/opportunities/some-id?page=2"])
@pytest.mark.usefixtures("built")
def test_every_page_below_app_is_the_same_document(client: Client, path: str) -> None:
    response = client.get(path)

    html = response.content.decode()
    assert response.status_code == 200
    assert 'src="/static/dashboard/main-AbC_1234.js"' in html
    assert 'href="/static/dashboard/main-XyZ-5678.css"' in html


@pytest.mark.usefixtures("built")
def test_page_hands_out_the_csrf_cookie_and_is_not_cached(client: Client) -> None:
    response = client.get("/app/")

    assert response.cookies["csrftoken"].value
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("built")
def test_page_runs_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    response = client.get("/app/")

    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    sources = re.findall(r"<script[^>]*>", response.content.decode())
    assert policy["script-src"] == "'self'"
    assert sources
    assert all('src="/static/' in source for source in sources)


@pytest.mark.usefixtures("built")
def test_theme_is_chosen_before_the_application_loads(client: Client) -> None:
    html = client.get("/app/").content.decode()

    assert html.index("arbsite/theme.js") < html.index("dashboard/main-AbC_1234.js")


@pytest.mark.usefixtures("built")
def test_page_only_answers_reads(client: Client) -> None:
    assert client.post("/app/").status_code == 405
    assert client.head("/app/").status_code == 200


@pytest.mark.usefixtures("unbuilt")
def test_without_a_build_the_page_says_how_to_make_one(client: Client) -> None:
    response = client.get("/app/opportunities")

    assert response.status_code == 503
    assert "make setup" in response.content.decode()


def test_build_made_after_the_start_asks_for_a_restart(client: Client, unbuilt: Settings) -> None:
    unbuilt.FRONTEND_DIST.mkdir()

    response = client.get("/app/")

    assert response.status_code == 503
    assert "Restart it" in response.content.decode()


def test_development_takes_modules_from_vite_and_nothing_more(
    client: Client, vite: Settings, tmp_path: Path
) -> None:
    development = {"dev_mode": True, "dev_server_host": "127.0.0.1", "dev_server_port": 5173}
    vite.DJANGO_VITE = {"default": {**development, "manifest_path": tmp_path / "manifest.json"}}

    response = client.get("/app/")

    assert "http://127.0.0.1:5173/static/src/main.tsx" in response.content.decode()
    assert "ws://127.0.0.1:5173" in response["Content-Security-Policy"]
    assert "unsafe-eval" not in response["Content-Security-Policy"]


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    """Collect two files as an image does: one that Vite hashed, one that nobody did."""
    source, target = tmp_path / "source", tmp_path / "static"
    (source / "dashboard").mkdir(parents=True)
    (source / "dashboard" / "main-AbC_1234.js").write_text('import "./lazy-Zz_98765.js";\n')
    (source / "plain.css").write_text("body { margin: 0 }\n")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = str(target)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "arbsite.static_storage.HashedOnceStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return target


def test_collected_files_of_vite_keep_their_names_and_bytes(collected: Path) -> None:
    storage = HashedOnceStorage(location=str(collected), base_url="/static/")

    assert storage.url("dashboard/main-AbC_1234.js") == "/static/dashboard/main-AbC_1234.js"
    assert [path.name for path in (collected / "dashboard").iterdir()] == ["main-AbC_1234.js"]
    assert (collected / "dashboard" / "main-AbC_1234.js").read_text() == 'import "./lazy-Zz_98765.js";\n'


def test_other_collected_files_get_a_hash_and_may_be_cached(collected: Path) -> None:
    storage = HashedOnceStorage(location=str(collected), base_url="/static/")

    url = storage.url("plain.css")

    assert re.fullmatch(r"/static/plain\.[0-9a-f]{12}\.css", url)
    assert WHITENOISE_IMMUTABLE_FILE_TEST("", url)


def test_files_are_served_in_place_without_a_static_root(settings: Settings) -> None:
    assert settings.STATIC_ROOT is None
    assert settings.STORAGES["staticfiles"]["BACKEND"].endswith(StaticFilesStorage.__name__)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/static/dashboard/main-AbC_1234.js", True),
        ("/static/dashboard/inter-latin-wght-normal-Dx4kXJAl.woff2", True),
        ("/static/manifest.json", False),
        ("/static/arbsite/theme.js", False),
        ("/static/admin/css/base.css", False),
        ("/static/dashboard/main.js", False),
    ],
)
def test_only_hashed_files_are_cached_for_ever(url: str, expected: bool) -> None:
    assert WHITENOISE_IMMUTABLE_FILE_TEST("", url) is expected
