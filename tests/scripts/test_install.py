import fcntl
import subprocess
import sys
from pathlib import Path

import bootstrap
import install
import pytest


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "STAMPS", tmp_path / ".stamps")
    monkeypatch.setattr(install, "FRONTEND", tmp_path / "frontend")
    monkeypatch.delenv("ARBSITE_VAR", raising=False)
    (tmp_path / "frontend").mkdir()
    (tmp_path / ".stamps").mkdir()
    return tmp_path


def test_requirements_include_what_they_name(root: Path) -> None:
    folder = root / "requirements"
    folder.mkdir()
    (folder / "base.txt").write_text("django==5\n")
    (folder / "embedded.txt").write_text("-r base.txt\nredislite==6\n")
    (folder / "dev.txt").write_text("# tests\n-r embedded.txt\npytest==9\n")

    names = [path.name for path in install._requirement_files("dev")]

    assert names == ["dev.txt", "embedded.txt", "base.txt"]


def test_digest_changes_with_content_and_presence(root: Path) -> None:
    path = root / "file"
    digests = [install.digest([path])]
    for text in ("one", "two"):
        path.write_text(text)
        digests.append(install.digest([path]))

    assert len(set(digests)) == 3
    assert install.digest([path]) == digests[-1]


def test_data_folder_comes_from_the_environment_then_dotenv(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert install.var_dir() == root / "var"
    (root / ".env").write_text('A=1\nARBSITE_VAR="/srv/data"\n')
    assert install.var_dir() == Path("/srv/data")
    monkeypatch.setenv("ARBSITE_VAR", "/elsewhere")
    assert install.var_dir() == Path("/elsewhere")


def test_failing_step_shows_what_it_said() -> None:
    with pytest.raises(install.StepFailed, match=r"(?s)counting failed \(exit code 3\):\none"):
        install.run("counting", [sys.executable, "-c", "print('one'); raise SystemExit(3)"])


def test_missing_program_is_a_failed_step() -> None:
    with pytest.raises(install.StepFailed, match=r"counting: .*No such file"):
        install.run("counting", ["/no/such/program"])


@pytest.mark.parametrize(
    ("version", "is_used"), [("v18.20.4", False), ("v20.18.0", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_only_a_recent_node_is_used(
    version: str, is_used: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (install._system_node() is not None) == is_used


def test_front_end_is_built_only_when_something_changed(root: Path) -> None:
    npm = root / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text('#!/bin/sh\necho "$1" >> ../calls\nmkdir -p dist node_modules; touch dist/manifest.json\n')
    npm.chmod(0o755)
    for name in ("package.json", "package-lock.json", "main.tsx"):
        (root / "frontend" / name).write_text("{}")
    node = install.Node(str(npm.parent))

    for text in ("{}", "{}", "changed"):
        (root / "frontend" / "main.tsx").write_text(text)
        install.build_frontend(node)

    assert (root / "calls").read_text().split() == ["ci", "run", "run"]


def data_folder(root: Path) -> Path:
    folder = root / "var"
    (folder / "postgres").mkdir(parents=True)
    (folder / "run").mkdir()
    (folder / "run" / "up.lock").touch()
    return folder


def test_reset_deletes_only_when_told_to(root: Path) -> None:
    folder = data_folder(root)

    with pytest.raises(install.StepFailed, match="make reset ARGS=--yes"):
        bootstrap.reset([])
    assert folder.exists()
    assert bootstrap.reset(["--yes"]) == 0
    assert not folder.exists()
    assert bootstrap.reset(["--yes"]) == 0


def test_reset_refuses_a_folder_that_is_not_ours(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "precious").mkdir()
    monkeypatch.setenv("ARBSITE_VAR", str(root / "precious"))

    with pytest.raises(install.StepFailed, match="does not look like Arbsite's data"):
        bootstrap.reset(["--yes"])

    assert (root / "precious").exists()


def test_reset_refuses_while_arbsite_runs(root: Path) -> None:
    folder = data_folder(root)
    with (folder / "run" / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(install.StepFailed, match="Arbsite is running"):
            bootstrap.reset(["--yes"])

    assert folder.exists()


def test_unknown_target_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["fly"]) == 2
    assert "usage: bootstrap.py setup|run|" in capsys.readouterr().out


def test_bootstrap_needs_nothing_but_the_standard_library() -> None:
    script = Path(bootstrap.__file__)

    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script)], capture_output=True, text=True, check=False
    )

    assert done.returncode in (1, 2)
    assert "ModuleNotFoundError: No module named 'django" not in done.stderr


def test_ci_runs_the_test_command_of_the_readme() -> None:
    root = Path(bootstrap.__file__).resolve().parents[1]

    assert "exec make test" in (root / ".ci" / "run").read_text()
    assert "```\nmake test\n```" in (root / "README.md").read_text()
