from arbsite.bench import parsing
from arbsite.bench.parsing_pages import amazon_page, ebay_page


def test_both_ways_find_the_same_on_a_page_of_three_markups():
    page = ebay_page(cards=7)

    found = parsing.read_cards(page)

    assert len(found) == 7
    assert found == parsing.read_cards_naively(page)
    assert found[0][:2] == ("300000000000", "Amber Archive Booster Box 0 sealed")


def test_pages_are_of_the_size_asked_for_and_the_same_every_time():
    assert 250_000 < len(amazon_page(size=300_000)) < 350_000
    assert ebay_page(cards=3) == ebay_page(cards=3)


def test_scenario_measures_both_pages():
    result = parsing.run(is_quick=True)

    assert [figure.unit for figure in result.figures] == ["pages/s", "pages/s", "x"] * 2
    assert all(figure.value > 0 for figure in result.figures)
