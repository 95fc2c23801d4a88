import bz2
import gzip
import http.server
import json
import lzma
import threading
import zipfile
from functools import partial

import pytest

from catalog.importers.mtgjson import MtgjsonFileError
from catalog.importers.mtgjson import reader as reader_module
from catalog.importers.mtgjson.reader import SourceFacts, local_copy, read_facts, read_sets

PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "json": lambda data: data}


def codes(path):
    return [code for code, _ in read_sets(path)]


@pytest.mark.parametrize("packer", PACKERS.values(), ids=PACKERS.keys())
def test_packed_file_with_a_misleading_name_yields_its_sets(packer, tiny_file, tmp_path):
    path = tmp_path / "AllPrintings.txt"
    path.write_bytes(packer(tiny_file.read_bytes()))

    assert codes(path) == ["TST", "OLD"]
    assert read_facts(path) == SourceFacts("2024-11-28", "5.2.2+20241128")


def test_zip_archive_yields_the_sets_of_its_json_member(tiny_file, tmp_path):
    path = tmp_path / "source"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.md", "nothing")
        archive.write(tiny_file, "AllPrintings.json")

    assert codes(path) == ["TST", "OLD"]


def test_zip_archive_without_json_is_refused(tmp_path):
    path = tmp_path / "source.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.md", "nothing")

    with pytest.raises(MtgjsonFileError, match="holds no"):
        codes(path)


def test_file_of_one_set_yields_that_set(tiny, tmp_path):
    path = tmp_path / "TST.json"
    path.write_text(json.dumps({"meta": tiny["meta"], "data": tiny["data"]["TST"]}))

    [(code, value)] = read_sets(path)

    assert (code, value["name"], len(value["cards"])) == ("TST", "Test Set", 7)


@pytest.mark.parametrize("packer", PACKERS.values(), ids=PACKERS.keys())
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_truncated_file_is_refused_in_one_line(packer, share, tiny_file, tmp_path):
    whole = packer(tiny_file.read_bytes())
    path = tmp_path / "cut"
    path.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(MtgjsonFileError) as caught:
        codes(path)

    assert "\n" not in caught.value.detail
    assert "cut" in caught.value.detail


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b'{"data": []}', b'{"data": {}}', b'{"data": 7}', b"<html>", b"\x1f\x8bbroken",
        b"PK\x03\x04broken", b'"text"', b'{"data": {"TST": NaN}}', b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_file_of_another_shape_is_refused(content, tmp_path):
    path = tmp_path / "odd"
    path.write_bytes(content)

    with pytest.raises(MtgjsonFileError):
        codes(path)


def test_file_that_unpacks_without_end_is_refused(tiny_file, monkeypatch):
    monkeypatch.setattr(reader_module, "_MAX_JSON_BYTES", 1_000)

    with pytest.raises(MtgjsonFileError, match="plausible"):
        codes(tiny_file)


def test_absent_file_is_refused(tmp_path):
    with pytest.raises(MtgjsonFileError, match="no file"), local_copy(tmp_path / "absent"):
        pass


@pytest.fixture
def web(tiny_file):
    """A loopback web server over the fixtures folder."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tiny_file.parent))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_address_is_downloaded_and_removed_afterwards(web):
    with local_copy(f"{web}/tiny.json") as path:
        assert codes(path) == ["TST", "OLD"]

    assert not path.exists()


def test_address_without_a_file_is_refused(web):
    with pytest.raises(MtgjsonFileError, match="404"), local_copy(f"{web}/absent.json"):
        pass


def test_download_above_the_limit_is_refused(web, monkeypatch):
    monkeypatch.setattr(reader_module, "_MAX_DOWNLOAD_BYTES", 100)

    with pytest.raises(MtgjsonFileError, match="larger than"), local_copy(f"{web}/tiny.json"):
        pass


def test_file_nested_without_end_is_refused(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text('{"data":' + "[" * 200_000 + "]" * 200_000 + "}")

    with pytest.raises(MtgjsonFileError, match="nests deeper"):
        codes(path)
