import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrapers.text import clean_text, is_complete, normalise_words


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Booster <b>Box</b>", "Booster Box"),
        ("<script>steal()</script>Box", "Box"),
        ("Dungeons &amp; Dragons", "Dungeons & Dragons"),
        ("&lt;b&gt;Box&lt;/b&gt;", "Box"),
        ("&amp;lt;img src=x onerror=y&amp;gt;Box", "Box"),
        ("I <3 Pikachu & friends", "I <3 Pikachu & friends"),
        ("  two\n\tlines\u00a0here ", "two lines here"),
        ("right\u202eto left\u200b\x07", "rightto left"),
        ("", ""),
    ],
)
def test_markup_and_control_characters_are_removed(text, cleaned):
    assert clean_text(text) == cleaned


def test_long_text_is_cut():
    assert clean_text("word " * 100, max_length=9) == "word word"


@pytest.mark.parametrize("text", ["<\x1fscript>x", "<\u200b?", "&lt;\x00b&gt;x", "&#60;&#8203;b>x"])
def test_control_characters_hide_no_markup(text):
    assert clean_text(text) in {"", "x"}


@given(st.text(max_size=80))
@example("<\x1f?")
def test_cleaning_twice_changes_nothing(text):
    once = clean_text(text)

    assert clean_text(once) == once


@given(st.text(alphabet="<>&;/ltgamp#x=\"' bi3", max_size=60))
def test_no_tag_survives(text):
    cleaned = clean_text(text)

    assert "<b>" not in cleaned
    assert "<i " not in cleaned


def test_words_are_compared_without_case_and_punctuation():
    assert normalise_words("Urza's Saga: Booster-Box (EN)") == ("urzas", "saga", "booster", "box", "en")


def test_page_that_is_cut_off_is_not_complete():
    assert is_complete("<p>x</p></HTML>\n<!-- served by x -->")
    assert not is_complete("<html><p>x</p></htm")
