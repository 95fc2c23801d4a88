from pathlib import Path

import pytest
import size_budget


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(size_budget, "ROOT", tmp_path)
    return tmp_path


def test_small_files_pass(root: Path) -> None:
    (root / "small.py").write_text("x = 1\n" * 300)

    assert size_budget.main() == 0


@pytest.mark.parametrize(("lines", "word", "code"), [(301, "long ", 0), (401, "TOO LONG", 1)])
def test_long_file_warns_then_fails(
    root: Path, lines: int, word: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "grown.py").write_text("x = 1\n" * lines)

    assert size_budget.main() == code
    assert capsys.readouterr().out.startswith(f"{word}")


@pytest.mark.parametrize(("lines", "code"), [(69, 0), (71, 1)])
def test_long_function_fails(root: Path, lines: int, code: int) -> None:
    (root / "grown.py").write_text("def f():\n" + "    x = 1\n" * (lines - 1))

    assert size_budget.main() == code


def test_docstring_does_not_count(root: Path) -> None:
    (root / "told.py").write_text('def f():\n    """\n' + "    word\n" * 80 + '    """\n    return 1\n')

    assert size_budget.main() == 0


@pytest.mark.parametrize(
    "name", ["node_modules/x.ts", ".venv/x.py", "app/migrations/0001_x.py", "src/schema.gen.ts"]
)
def test_what_nobody_writes_is_not_measured(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True)
    (root / name).write_text("x = 1\n" * 1000)

    assert size_budget.main() == 0


def test_front_end_files_are_measured(root: Path) -> None:
    (root / "page.tsx").write_text("<p/>\n" * 500)

    assert size_budget.main() == 1
