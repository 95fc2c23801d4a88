"""Tests of `scrapers.giftcards.environment`: R000's variables, and mistakes that name theirs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.secrets import Secret
from scrapers.choices import LiveAdapter, MarketSide
from scrapers.giftcards.environment import KEYS, MarketsMisdeclared, read_environment

R000 = {
    "MKT_CARD_VAULT_SIDE": "sell",
    "MKT_CARD_VAULT_URL": "https://api.cardvault.example/v1/quotes",
    "MKT_CARD_VAULT_TOKEN": "s3cret",
    "MKT_CARD_VAULT_POLL_MS": "1500",
    "MKT_CARD_VAULT_FEE_BPS": "35",
    "MKT_CARD_VAULT_SLIPPAGE_BPS": "10",
    "MKT_CARD_VAULT_CURRENCY": "USD",
    "MKT_CARD_VAULT_BRANDS": "Amazon, App Store & iTunes,amazon",
}


def test_a_market_as_r000_writes_it():
    (found,) = read_environment({**R000, "PATH": "/usr/bin", "MKT": "no market"})

    assert (found.code, found.adapter, found.side) == ("card_vault", LiveAdapter.JSON, MarketSide.SELL)
    assert (found.url, found.token) == ("https://api.cardvault.example/v1/quotes", Secret("s3cret"))
    assert (found.poll_ms, found.fee_bps, found.slippage_bps) == (1_500, Decimal(35), Decimal(10))
    assert (found.currency, found.region) == ("USD", "US")
    assert found.brands == ("amazon", "app-store-itunes")


def test_our_own_variables_are_read_too():
    (found,) = read_environment(
        {
            **R000,
            "MKT_CARD_VAULT_ADAPTER": "JSON",
            "MKT_CARD_VAULT_REGION": "us-ca",
            "MKT_CARD_VAULT_NETWORK": "email",
            "MKT_CARD_VAULT_TIMEOUT_MS": "3000",
            "MKT_CARD_VAULT_ITEMS_PATH": "data.rows",
            "MKT_CARD_VAULT_FIELD_MAP": '{"price": "cost.amount"}',
            "MKT_CARD_VAULT_TOKEN_HEADER": "X-Api-Key",
            "MKT_CARD_VAULT_ORDER_URL": "https://api.cardvault.example/v1/orders",
            "MKT_CARD_VAULT_FIXED_FEE": "0.25",
        }
    )

    assert (found.region, found.network, found.timeout_ms) == ("US-CA", "email", 3_000)
    assert (found.items_path, found.field_map) == ("data.rows", {"price": "cost.amount"})
    assert (found.token_header, found.fixed_fee) == ("X-Api-Key", Decimal("0.25"))
    assert found.order_url == "https://api.cardvault.example/v1/orders"


def test_empty_variables_count_as_not_set():
    assert read_environment({"MKT_A_SIDE": "", "MKT_A_URL": "  "}) == []


def test_reloadly_and_bitrefill_need_no_side_and_no_address():
    found = read_environment(
        {
            "MKT_R_ADAPTER": "reloadly",
            "MKT_R_TOKEN": "a:b",
            "MKT_B_ADAPTER": "bitrefill",
            "MKT_B_SIDE": "sell",
        }
    )

    assert [(facts.code, facts.side, facts.url) for facts in found] == [("b", "sell", ""), ("r", "sell", "")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"SIDE": "sideways"}, "MKT_X_SIDE: 'sideways' is not sell, buy or both"),
        ({"SIDE": ""}, "MKT_X_SIDE: missing"),
        ({"URL": ""}, "MKT_X_URL: missing"),
        ({"URL": "http://desk.example/quotes"}, "MKT_X_URL: http://desk.example/quotes is not https"),
        ({"URL": "https://10.1.2.3:8443/q"}, "MKT_X_URL: https://10.1.2.3:8443/q is not https on port 443"),
        ({"URL": "desk"}, "MKT_X_URL: "),
        ({"URL": "https://me:pw@desk.example/q"}, "MKT_X_URL: carries a login"),
        ({"ORDER_URL": "http://127.0.0.1/orders"}, "MKT_X_ORDER_URL: "),
        ({"POLL_MS": "fast"}, "MKT_X_POLL_MS: 'fast' is not a whole number of milliseconds"),
        ({"POLL_MS": "199"}, "MKT_X_POLL_MS: 199 is not from 200"),
        ({"TIMEOUT_MS": "99"}, "MKT_X_TIMEOUT_MS: 99 is not from 100"),
        ({"FEE_BPS": "NaN"}, "MKT_X_FEE_BPS: is out of range"),
        ({"FEE_BPS": "1e400"}, "MKT_X_FEE_BPS: is out of range"),
        ({"FEE_BPS": "9999", "SLIPPAGE_BPS": "1"}, "MKT_X_FEE_BPS: with slippage takes the whole price"),
        ({"FEE_BPS": "-10001", "SLIPPAGE_BPS": "500"}, "MKT_X_FEE_BPS: is not from -10000 to 10000"),
        ({"FEE_BPS": "0.0001"}, "MKT_X_FEE_BPS: has more than 3 places"),
        ({"SLIPPAGE_BPS": "-1"}, "MKT_X_SLIPPAGE_BPS: is not from 0"),
        ({"FIXED_FEE": "-1"}, "MKT_X_FIXED_FEE: is negative"),
        ({"CURRENCY": "dollars"}, "MKT_X_CURRENCY: 'DOLLARS' is no ISO 4217 code"),
        ({"REGION": "America"}, "MKT_X_REGION: 'AMERICA' is no ISO 3166 code"),
        ({"BRANDS": "Amazon,!!"}, "MKT_X_BRANDS: "),
        ({"ADAPTER": "ebay"}, "MKT_X_ADAPTER: 'ebay' is not one of json, reloadly, bitrefill"),
        ({"ADAPTER": "binance"}, "MKT_X_ADAPTER: "),
        ({"ADAPTER": "reloadly", "SIDE": "buy"}, "MKT_X_SIDE: Reloadly only sells"),
        ({"FIELD_MAP": "price=cost"}, "MKT_X_FIELD_MAP: "),
        ({"FIELD_MAP": '{"cost": "a"}'}, "MKT_X_FIELD_MAP: "),
        ({"FIELD_MAP": '{"price": "a..b"}'}, "MKT_X_FIELD_MAP: "),
        ({"ITEMS_PATH": "a b"}, "MKT_X_ITEMS_PATH: "),
        ({"TOKEN_HEADER": "Host"}, "MKT_X_TOKEN_HEADER: "),
        ({"TOKEN_HEADER": "X: y"}, "MKT_X_TOKEN_HEADER: "),
        ({"NETWORK": "n" * 41}, "MKT_X_NETWORK: "),
        ({"PRICE": "1"}, "MKT_X_PRICE: unknown variable"),
    ],
)
def test_a_mistake_names_its_variable(change, told):
    good = {"SIDE": "sell", "URL": "https://desk.example/quotes"}
    environ = {f"MKT_X_{key}": value for key, value in {**good, **change}.items()}

    with pytest.raises(MarketsMisdeclared) as caught:
        read_environment(environ)

    assert told in caught.value.detail
    assert caught.value.code == "markets_misdeclared"


def test_a_token_is_never_repeated():
    with pytest.raises(MarketsMisdeclared) as caught:
        read_environment({**R000, "MKT_CARD_VAULT_TOKEN": "two words"})

    assert "MKT_CARD_VAULT_TOKEN: is no token" in caught.value.detail
    assert "two words" not in caught.value.detail


def test_all_mistakes_are_told_at_once():
    with pytest.raises(MarketsMisdeclared) as caught:
        read_environment(
            {"MKT_A_SIDE": "x", "MKT_A_POLL_MS": "1", "MKT_B_TOKEN": "t", "MKT_lower_SIDE": "buy"}
        )

    assert {text.partition(":")[0] for text in caught.value.details["problems"]} == {
        "MKT_A_SIDE", "MKT_A_POLL_MS", "MKT_A_URL", "MKT_B_SIDE", "MKT_B_URL", "MKT_lower_SIDE",
    }  # fmt: skip


values = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)


@given(st.dictionaries(st.sampled_from(KEYS), values, min_size=1))
def test_whatever_is_declared_is_read_or_refused_in_our_words(found):
    problems = []
    try:
        read_environment({f"MKT_X_{key}": value for key, value in found.items()})
    except MarketsMisdeclared as error:
        problems = error.details["problems"]

    assert all(text.startswith("MKT_X_") for text in problems)
