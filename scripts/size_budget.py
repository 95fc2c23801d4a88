"""Refuse files and functions that have grown too long to be read in one go.

Tests and migrations are measured too, except that a migration file may be any length: it is generated and
never edited.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {".venv", "node_modules", "dist", "var", "migrations", "__pycache__", ".git", "coverage"}
FILE_WARNS, FILE_FAILS = 300, 400
FUNCTION_WARNS, FUNCTION_FAILS = 40, 70
FRONTEND_SUFFIXES = {".ts", ".tsx"}
GENERATED = {"schema.gen.ts"}


def main() -> int:
    """Print what is over budget; return 1 when anything fails."""
    failures = 0
    for path in sorted(_sources(ROOT)):
        name = path.relative_to(ROOT)
        text = path.read_text(encoding="utf-8")
        failures += _judge(str(name), len(text.splitlines()), FILE_WARNS, FILE_FAILS)
        if path.suffix == ".py":
            for line, function, length in _functions(text):
                failures += _judge(f"{name}:{line} {function}", length, FUNCTION_WARNS, FUNCTION_FAILS)
    print(f"size budget: {failures} over the limit")
    return 1 if failures else 0


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in SKIPPED or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _sources(path)
        elif path.suffix == ".py" or (path.suffix in FRONTEND_SUFFIXES and path.name not in GENERATED):
            yield path


def _functions(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield line, name and length in lines of every function, without its docstring."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                length -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield node.lineno, node.name, length


def _judge(what: str, length: int, warns: int, fails: int) -> int:
    if length > fails:
        print(f"TOO LONG  {what}: {length} lines (at most {fails})")
        return 1
    if length > warns:
        print(f"long      {what}: {length} lines (better {warns})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
