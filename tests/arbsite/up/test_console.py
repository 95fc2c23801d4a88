import pytest

from arbsite.up.console import Console


def test_box_lines_are_equally_long(capsys: pytest.CaptureFixture[str]) -> None:
    Console().box("Arbsite is ready", ["short", "a rather longer line than the title"])

    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert len({len(line) for line in lines}) == 1
    assert len(lines) == 5


def test_lines_of_programs_carry_their_name_without_colour_codes_in_a_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Console().log("worker-analysis", "hello")

    assert capsys.readouterr().out == "worker-analysis  | hello\n"


def test_terminal_gets_one_colour_per_program(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    console.is_coloured = True

    for name in ("web", "beat", "web"):
        console.log(name, "x")

    first, second, third = capsys.readouterr().out.splitlines()
    assert first == third
    assert first[:5] != second[:5]


def test_step_says_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    with Console().step("thinking"):
        pass

    assert capsys.readouterr().out.splitlines() == ["  thinking ...", "  thinking: 0.0 s"]
