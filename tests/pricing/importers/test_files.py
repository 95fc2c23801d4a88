import gzip
from pathlib import Path

import pytest

from pricing.errors import PriceFileError
from pricing.importers.files import digest, read_content


def write(folder: Path, content: bytes) -> Path:
    path = folder / "guide.bin"
    path.write_bytes(content)
    return path


def test_gzip_is_told_by_its_content(tmp_path: Path):
    assert read_content(write(tmp_path, gzip.compress(b"{}"))) == b"{}"
    assert read_content(write(tmp_path, b"{}")) == b"{}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"x" * 5000)[:-12], "truncated"),
        (b"\x1f\x8b" + b"\x00" * 20, "corrupt"),
        (gzip.compress(b"x" * 500)[:20] + b"\xff" * 40, "corrupt"),
        (b"", "empty"),
        (gzip.compress(b" \n"), "empty"),
    ],
    ids=["cut", "no-header", "overwritten", "nothing", "blank"],
)
def test_damaged_files_are_refused_by_name(tmp_path: Path, content: bytes, message: str):
    with pytest.raises(PriceFileError, match=f"guide.bin: .*{message}"):
        read_content(write(tmp_path, content))


def test_missing_files_and_folders_are_refused(tmp_path: Path):
    with pytest.raises(PriceFileError, match="cannot be read"):
        read_content(tmp_path / "absent.json")
    with pytest.raises(PriceFileError, match="cannot be read"):
        read_content(tmp_path)


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pricing.importers.files.MAX_BYTES", 1000)

    with pytest.raises(PriceFileError, match="unpacked"):
        read_content(write(tmp_path, gzip.compress(b"x" * 1001)))


def test_digest_depends_on_every_content():
    assert digest(b"a", b"b") == digest(b"ab") != digest(b"ba")
