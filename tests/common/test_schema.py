"""The OpenAPI document as integrators and the dashboard's generator get it."""

from functools import cache
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

METHODS = {"get", "post", "put", "patch", "delete"}


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def _operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in _schema()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


@pytest.mark.django_db
def test_document_is_valid_openapi():
    validate_schema(_schema())


@pytest.mark.django_db
def test_every_error_is_the_one_problem():
    reference = {"$ref": "#/components/schemas/Problem"}
    for path, method, operation in _operations():
        errors = {status: body for status, body in operation["responses"].items() if status >= "400"}
        assert {"400", "401", "403", "429"} <= set(errors), (method, path)
        if path == "/api/v1/health/":
            del errors["503"]  # still the state of the desk, for those who watch it
        for status, body in errors.items():
            assert body["content"]["application/problem+json"]["schema"] == reference, (method, path, status)


@pytest.mark.django_db
def test_paths_are_canonical_with_a_trailing_slash():
    paths = [path for path, _, _ in _operations()]

    assert [path for path in paths if not path.endswith("/") or "?" in path] == []
    assert "/api/v1/session/" in paths


@pytest.mark.django_db
def test_problem_states_every_member():
    problem = _schema()["components"]["schemas"]["Problem"]

    assert set(problem["required"]) == {
        "type", "title", "status", "detail", "instance", "code", "request_id", "errors", "error", "details",
    }  # fmt: skip


@pytest.mark.django_db
def test_operations_have_distinct_ids_and_a_description():
    ids = [operation["operationId"] for _, _, operation in _operations()]

    assert len(ids) == len(set(ids))
    assert [identity for _, _, operation in _operations() if not operation.get("description")
            for identity in [operation["operationId"]]] == []  # fmt: skip


@pytest.mark.django_db
def test_names_of_enumerations_are_chosen_not_numbered():
    names = [name for name, schema in _schema()["components"]["schemas"].items() if "enum" in schema]

    assert [name for name in names if any(character.isdigit() for character in name)] == []
