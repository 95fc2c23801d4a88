import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_root_leads_to_the_dashboard(client: Client) -> None:
    response = client.get("/")

    assert (response.status_code, response["Location"]) == (302, "/app/")


@pytest.mark.parametrize("path", ["/admin/login/", "/api/schema/", "/api/docs/", "/healthz", "/metrics"])
def test_page_answers_without_a_login(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_metrics_are_in_prometheus_form(client: Client) -> None:
    response = client.get("/metrics")

    assert response["Content-Type"].startswith("text/plain")
    assert b"django_http_requests_total_by_method_total" in response.content


def test_documentation_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()

    assert "https://" not in page.replace("https://127.0.0.1", "")
    assert "<script>" not in page


@pytest.mark.parametrize("path", ["/app/", "/app", "/app/opportunities", "/app/opportunities/x?y=z"])
def test_dashboard_takes_every_path_of_its_own(client: Client, path: str) -> None:
    assert client.get(path).resolver_match.func.__name__ == "dashboard"


@pytest.mark.parametrize("path", ["/apple", "/application/"])
def test_dashboard_takes_no_other_path(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_unknown_api_path_is_a_problem_document(client: Client) -> None:
    response = client.get("/api/v1/nothing")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["products", "opportunities", "opportunities/stats/summary", "session"])
def test_api_paths_exist_with_and_without_their_slash(client: Client, path: str) -> None:
    answers = {client.get(f"/api/v1/{path}{slash}").status_code for slash in ("", "/")}

    assert len(answers) == 1
    assert answers <= {200, 401, 403}
