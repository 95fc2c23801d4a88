"""Named filters: one's own, one default per page, and what others may not do to them."""

from datetime import UTC, datetime

import pytest

from common.models import AuditEvent
from users.models import SavedView, User
from users.services import create_saved_view
from users.services.saved_views import MAX_PER_PAGE

from .browser import Browser, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/saved-views/"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
VIEW = {"page": "opportunities", "name": "Cheap boxes", "query": "price_max=120"}


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def browser(alice) -> Browser:
    browser = Browser()
    browser.sign_in("alice")
    return browser


@pytest.fixture
def charlie() -> Browser:
    make_user("charlie")
    browser = Browser()
    browser.sign_in("charlie")
    return browser


def test_a_view_is_kept_changed_and_deleted(browser, alice):
    made = browser.call("POST", URL, VIEW)
    url = made["Location"]
    changed = browser.call("PATCH", url, {"name": "Boxes", "query": "?price_max=90"})
    deleted = browser.call("DELETE", url)

    assert made.status_code == 201
    assert made.json() | {"id": "", "created_at": "", "updated_at": ""} == {
        **VIEW,
        "id": "",
        "is_default": False,
        "is_shared": False,
        "is_own": True,
        "owner": "alice",
        "created_at": "",
        "updated_at": "",
    }
    assert (changed.json()["name"], changed.json()["query"]) == ("Boxes", "price_max=90")
    assert deleted.status_code == 204
    assert browser.get(url).status_code == 404
    verbs = AuditEvent.objects.filter(subject__startswith="saved_view:").values_list("verb", flat=True)
    assert set(verbs) == {"saved_view.created", "saved_view.changed", "saved_view.deleted"}


def test_a_new_default_replaces_the_old_one_of_that_page_only(browser, charlie):
    first = browser.call("POST", URL, {**VIEW, "is_default": True}).json()
    other_page = browser.call("POST", URL, {**VIEW, "page": "jobs", "is_default": True}).json()
    foreign = charlie.call("POST", URL, {**VIEW, "is_default": True}).json()
    second = browser.call("POST", URL, {**VIEW, "name": "Other", "is_default": True}).json()

    defaults = {str(pk) for pk in SavedView.objects.filter(is_default=True).values_list("pk", flat=True)}
    assert defaults == {other_page["id"], foreign["id"], second["id"]}

    browser.call("PATCH", f"{URL}{first['id']}/", {"is_default": True})

    assert not SavedView.objects.get(pk=second["id"]).is_default
    assert SavedView.objects.get(pk=first["id"]).is_default


def test_shared_views_are_read_by_all_and_changed_by_their_owner(browser, charlie):
    shared = browser.call("POST", URL, {**VIEW, "is_shared": True}).json()
    private = browser.call("POST", URL, {**VIEW, "name": "Private"}).json()
    url = f"{URL}{shared['id']}/"

    listed = charlie.get(URL, {"page": "opportunities"}).json()["results"]

    assert [(row["id"], row["is_own"], row["owner"]) for row in listed] == [(shared["id"], False, "alice")]
    assert charlie.get(url).status_code == 200
    assert charlie.get(f"{URL}{private['id']}/").status_code == 404
    assert charlie.call("PATCH", url, {"name": "Mine now"}).status_code == 404
    assert charlie.call("DELETE", url).status_code == 404
    assert SavedView.objects.get(pk=shared["id"]).name == "Cheap boxes"


def test_views_of_somebody_who_left_are_shared_no_more(browser, charlie):
    browser.call("POST", URL, {**VIEW, "is_shared": True})
    User.objects.filter(username="alice").update(is_active=False)

    assert charlie.get(URL).json()["count"] == 0


def test_the_list_is_filtered_by_page_and_cut_by_number(browser):
    for page in ("jobs", "opportunities"):
        for name in ("b", "a"):
            browser.call("POST", URL, {**VIEW, "page": page, "name": name})

    of_jobs = browser.get(URL, {"page": "jobs"}).json()
    cut = browser.get(URL, {"number": 2, "page_size": 3}).json()

    assert [(row["page"], row["name"]) for row in of_jobs["results"]] == [("jobs", "a"), ("jobs", "b")]
    assert set(of_jobs) == {"next", "previous", "count", "results"}
    assert [row["name"] for row in cut["results"]] == ["b"]
    assert browser.get(URL, {"page": "nowhere"}).status_code == 400
    assert browser.get(URL, {"owner": "alice"}).json()["code"] == "unknown_parameter"


def test_a_name_is_taken_once_per_page(browser):
    browser.call("POST", URL, VIEW)
    other = browser.call("POST", URL, {**VIEW, "name": "Other"}).json()

    again = browser.call("POST", URL, VIEW)
    renamed = browser.call("PATCH", f"{URL}{other['id']}/", {"name": VIEW["name"]})

    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    assert renamed.status_code == 409
    assert browser.call("POST", URL, {**VIEW, "page": "jobs"}).status_code == 201


def test_the_number_of_views_is_bounded(browser, alice):
    for number in range(MAX_PER_PAGE):
        create_saved_view(alice, facts={"page": "jobs", "name": f"{number}"}, now=NOW)

    answer = browser.call("POST", URL, {**VIEW, "page": "jobs"})

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    assert browser.call("POST", URL, VIEW).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**VIEW, "page": "settings"},
        {**VIEW, "name": ""},
        {**VIEW, "name": "x" * 61},
        {**VIEW, "query": "x" * 2_001},
        {**VIEW, "query": "a=1\nb=2"},
        {**VIEW, "is_default": "perhaps"},
        {**VIEW, "is_shared": None},
        {**VIEW, "query": None},
        {**VIEW, "colour": "red"},
        [VIEW],
    ],
)
def test_a_malformed_view_is_refused(browser, body):
    answer = browser.call("POST", URL, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


def test_a_view_does_not_move_to_another_page_or_owner(browser, charlie):
    view = browser.call("POST", URL, VIEW).json()
    owner = User.objects.get(username="charlie")

    for field, value in {"page": "jobs", "user": str(owner.pk), "owner": "charlie", "id": view["id"]}.items():
        assert browser.call("PATCH", f"{URL}{view['id']}/", {field: value}).status_code == 400

    assert SavedView.objects.get().user.username == "alice"


def test_nobody_reads_views_without_a_login_where_the_api_is_public(client, settings):
    settings.API_PUBLIC_READ = True

    assert client.get(URL).status_code == 401
