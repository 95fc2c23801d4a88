import json

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Product

pytestmark = pytest.mark.django_db


def run(*arguments, capsys):
    call_command("import_mtgjson", *arguments)
    return capsys.readouterr()


def test_report_names_counts_conflicts_and_what_is_incomplete(tiny_file, capsys):
    out = run(str(tiny_file), capsys=capsys).out

    assert "2 sets, source of 2024-11-28" in out
    assert "Contents: 5 products complete, 4 incomplete" in out
    assert "Contains itself" in out
    assert "1 mcm" in out


def test_second_run_says_that_nothing_changed(tiny_file, capsys):
    run(str(tiny_file), capsys=capsys)

    assert "0 created, 0 changed" in run(str(tiny_file), capsys=capsys).out


def test_json_is_one_object(tiny_file, capsys):
    facts = json.loads(run(str(tiny_file), "--json", capsys=capsys).out)

    assert facts["entities"]["cards"] == {"created": 7, "updated": 0, "unchanged": 0}
    assert facts["incomplete_by_reason"]["Contains itself"] == 2
    assert facts["conflicts"]["mcm"]["count"] == 1


def test_sets_are_a_comma_separated_list_in_any_case(tiny_file, capsys):
    run(str(tiny_file), "--sets", " old , ", capsys=capsys)

    assert set(Product.objects.values_list("set_code", flat=True)) == {"OLD"}


@pytest.mark.parametrize("sets", ["XYZ", "OLD,XYZ", "", ","])
def test_unknown_sets_are_a_mistake_of_usage(sets, tiny_file):
    with pytest.raises(CommandError) as caught:
        call_command("import_mtgjson", str(tiny_file), "--sets", sets)

    assert caught.value.returncode == 2
    assert not Product.objects.exists()


@pytest.mark.parametrize("content", [None, b"{", b"not json", b'{"data": {"NEO": {"cards": ['])
def test_unreadable_file_is_one_line_and_writes_nothing(content, tmp_path):
    path = tmp_path / "source.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError) as caught:
        call_command("import_mtgjson", str(path))

    assert caught.value.returncode == 1
    assert "\n" not in str(caught.value)
    assert not Product.objects.exists()
