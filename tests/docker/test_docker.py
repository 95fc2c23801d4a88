"""Reads the container files: no engine runs in the tests, so what can be read is checked."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from arbsite.settings.celery import QUEUES

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("arbsite:")]
PORTS = {"ingest": 8080, "signals": 8081, "sink": 8082, "giftcards": 8083}
LIVE = {
    name
    for name in SERVICES["web"]["environment"]
    if re.match("BINANCE|COINBASE|KRAKEN|OKX|BYBIT|SYMBOLS|SPREAD|PROFIT|MAX_|ALLOWED_[RC]|ENABLE_", name)
}
every_service = pytest.mark.parametrize("name", SERVICES)


@every_service
def test_service_is_locked_down(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@every_service
def test_service_has_a_pinned_image_and_a_health_check(name: str) -> None:
    service = SERVICES[name]

    assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-\w+)?", service["image"])
    assert name in ("web", "stream") or service["healthcheck"]  # those two have the image's


@every_service
def test_only_loopback_ports_are_published(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@every_service
def test_no_secret_is_written_down(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if "PASSWORD" in variable or "SECRET" in variable:
            assert re.fullmatch(r"\$\{\w+:\?set it\}", value)


def test_each_queue_has_a_worker_of_its_own() -> None:
    queues = [
        service["command"][service["command"].index("-Q") + 1]
        for name, service in SERVICES.items()
        if name.startswith("worker-")
    ]

    assert sorted(queues) == sorted(QUEUES)


def test_there_is_one_beat_and_it_is_never_scaled() -> None:
    assert [name for name, service in SERVICES.items() if "beat" in service.get("command", [])] == ["beat"]
    assert "deploy" not in SERVICES["beat"]


@pytest.mark.parametrize("name", PORTS)
def test_a_live_process_serves_its_health_page_where_it_is_looked_at(name: str) -> None:
    service, port = SERVICES[name], PORTS[name]

    assert service["command"] == ["python", "manage.py", f"run_{name}"]
    assert service["environment"][f"{name.upper()}_HEALTH_PORT"] == str(port)
    assert service["environment"]["LIVE_HEALTH_HOST"] == "0.0.0.0"
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"127.0.0.1:{port}/health" in service["healthcheck"]["test"][-1]


def test_ticks_stay_inside_the_network_and_meet_there() -> None:
    assert SERVICES["ingest"]["environment"]["ZMQ_ENDPOINT"] == "tcp://0.0.0.0:5555"
    assert SERVICES["signals"]["environment"]["ZMQ_ENDPOINT"] == "tcp://ingest:5555"
    assert not [name for name, service in SERVICES.items() if "5555" in str(service.get("ports", []))]


def test_prometheus_scrapes_every_process_that_serves_metrics() -> None:
    config = yaml.safe_load((ROOT / "docker" / "prometheus.yml").read_text())

    targets = {
        target
        for job in config["scrape_configs"]
        for static in job["static_configs"]
        for target in static["targets"]
    }
    assert targets == {"web:8000", "stream:8000", *(f"{name}:{port}" for name, port in PORTS.items())}


def test_defaults_in_compose_are_those_of_the_example() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line[2:].split("=", 1) for line in lines if re.match(r"# [A-Z_]+=", line))
    passed = {
        name: match[1]
        for name, value in SERVICES["web"]["environment"].items()
        if (match := re.fullmatch(rf"\$\{{{name}:-(.+)\}}", value)) and name in LIVE
    }

    assert set(passed) == LIVE
    assert passed == {name: example[name] for name in LIVE}


def test_broker_keeps_what_it_accepted_and_the_cache_is_another_server() -> None:
    broker, cache = " ".join(SERVICES["broker"]["command"]), " ".join(SERVICES["cache"]["command"])

    assert "--appendonly yes" in broker
    assert "--maxmemory-policy noeviction" in broker
    assert "--maxmemory-policy allkeys-lru" in cache
    environment = SERVICES["web"]["environment"]
    assert "broker" in environment["REDIS_URL"]
    assert "cache" in environment["CACHE_REDIS_URL"]


@pytest.mark.parametrize("name", OURS)
def test_our_processes_wait_for_the_migrations(name: str) -> None:
    if name != "prepare":
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


def test_settings_named_in_compose_exist() -> None:
    known = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    known |= {"REMAP_SIGTERM"}  # Celery's own

    assert {name for service in OURS for name in SERVICES[service]["environment"]} <= known


def test_image_runs_as_an_unprivileged_user() -> None:
    final = DOCKERFILE.rsplit("FROM ", 1)[1]

    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert final.index("USER 10001") < final.index("\nCMD")
    assert "HEALTHCHECK" in final


def test_image_is_built_from_pinned_bases_with_the_front_end_in_a_stage_of_its_own() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert all(re.fullmatch(r"\w+:\d+\.\d+\.\d+-[\w-]+", base) for base in bases)
    assert "npm ci" in DOCKERFILE
    assert "COPY --from=frontend /build/dist frontend/dist" in DOCKERFILE
    assert "collectstatic" in DOCKERFILE
    assert "\nADD " not in DOCKERFILE


def test_every_app_is_copied_into_the_image_and_past_the_ignore_file() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    ignore = (ROOT / "docker" / "Dockerfile.dockerignore").read_text().splitlines()

    assert {name for name in apps if f"COPY {name} {name}\n" not in DOCKERFILE} == set()
    assert {name for name in apps if f"!{name}" not in ignore} == set()


def test_image_holds_no_embedded_servers() -> None:
    assert "embedded.txt" not in DOCKERFILE
    assert "requirements/base.txt" in DOCKERFILE
