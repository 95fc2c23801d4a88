import pytest

from arbsite.up.options import DEFAULT_PORT, parse


def test_defaults_run_everything_with_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARBSITE_PORT", raising=False)

    options = parse([])

    assert (options.port, options.demo) == (DEFAULT_PORT, True)
    assert options.parts == ("web", "worker", "beat", "live")


def test_port_comes_from_the_flag_then_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARBSITE_PORT", "9001")

    assert parse([]).port == 9001
    assert parse(["--port", "9002"]).port == 9002


def test_parts_can_be_chosen() -> None:
    assert parse(["--only", "worker, beat", "--no-demo"]).parts == ("worker", "beat")


@pytest.mark.parametrize(
    ("argv", "port", "message"),
    [
        (["--port", "0"], "", "is not a port"),
        (["--port", "http"], "", "is not a port"),
        (["--only", "web,engine"], "", "choose from web, worker, beat, live"),
        (["--only", ","], "", "choose from web, worker, beat, live"),
        ([], "70000", "ARBSITE_PORT: '70000' is not a port"),
    ],
)
def test_wrong_flag_is_a_usage_error(
    argv: list[str],
    port: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ARBSITE_PORT", port)

    with pytest.raises(SystemExit) as caught:
        parse(argv)

    assert caught.value.code == 2
    assert message in capsys.readouterr().err
