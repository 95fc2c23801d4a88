import base64
import hashlib
from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from scrapers.venues.cardmarket.oauth import Credentials, authorization_header, signature

# The worked example of OAuth Core 1.0, appendix A.5 (RFC 5849 keeps the rules).
PHOTOS = {
    "file": "vacation.jpg", "size": "original", "oauth_consumer_key": "dpf43f3p2l4k3l03",
    "oauth_token": "nnch734d00sl2jdk", "oauth_signature_method": "HMAC-SHA1",
    "oauth_timestamp": "1191242096", "oauth_nonce": "kllo9940pd9333jh", "oauth_version": "1.0",
}  # fmt: skip
# The example of Cardmarket's own documentation, at the address it was computed for.
DOCUMENTED = Credentials(
    "bfaD9xOU0SXBhtBP",
    "pChvrpp6AEOEwxBIIUBOvWcRG3X9xL4Y",
    "lBY1xptUJ7ZJSK01x4fNwzw8kAe5b10Q",
    "hc1wJAOX02pGGJK2uAv1ZOiwS7I9Tpoe",
)
ACCOUNT = "https://www.mkmapi.eu/ws/v1.1/account"


def fields(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    assert scheme == "OAuth"
    pairs = (pair.partition("=") for pair in rest.split(", "))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}


def test_signature_of_the_published_example():
    found = signature(
        "GET",
        "http://photos.example.net/photos",
        PHOTOS,
        app_secret="kd94hf93k423kf44",
        access_secret="pfkkdhi9sl3r4s00",
    )

    assert found == "tR3+Ty81lMeYAr/Fid0kMTYa/WM="


def test_header_of_cardmarkets_own_example():
    header = authorization_header(
        "GET", ACCOUNT, {}, credentials=DOCUMENTED, nonce="53eb1f44909d6", timestamp=1407917892
    )

    assert header.startswith(f'OAuth realm="{ACCOUNT}", oauth_consumer_key="bfaD9xOU0SXBhtBP", ')
    assert fields(header)["oauth_signature"] == "DLGHHYV9OsbB/ARf73psEYaNWkI="


def test_an_application_without_a_user_sends_and_signs_an_empty_token():
    header = authorization_header(
        "GET", ACCOUNT, {}, credentials=Credentials("app", "secret"), nonce="n", timestamp=1
    )

    assert 'oauth_token=""' in header
    assert "secret" not in header


def test_query_parameters_are_signed_escaped_and_in_order():
    query = {"search": "Æther & Smög 100%", "idGame": "1", "a b": "c+d~e"}
    own = {"oauth_consumer_key": "k", "oauth_nonce": "n", "oauth_signature_method": "HMAC-SHA1",
           "oauth_timestamp": "7", "oauth_token": "", "oauth_version": "1.0"}  # fmt: skip

    header = authorization_header(
        "GET", ACCOUNT, query, credentials=Credentials("k", "s"), nonce="n", timestamp=7
    )

    assert fields(header)["oauth_signature"] == signature("GET", ACCOUNT, {**own, **query}, app_secret="s")
    assert "search" not in header


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)  # no address has surrogates


def escape(text: str) -> str:
    return quote(text, safe="-._~")


@given(st.dictionaries(_texts, _texts, max_size=4), _texts)
def test_signature_is_the_textbook_construction(query: dict[str, str], secret: str):
    pairs = "&".join(f"{escape(name)}={escape(query[name])}" for name in sorted(query, key=escape))
    base = f"GET&{escape(ACCOUNT)}&{escape(pairs)}".encode()
    key = f"{escape(secret)}&".encode().ljust(64, b"\0")
    if len(key) > 64:
        key = hashlib.sha1(key).digest().ljust(64, b"\0")
    inner = hashlib.sha1(bytes(byte ^ 0x36 for byte in key) + base).digest()
    outer = hashlib.sha1(bytes(byte ^ 0x5C for byte in key) + inner).digest()

    assert signature("GET", ACCOUNT, query, app_secret=secret) == base64.b64encode(outer).decode()
