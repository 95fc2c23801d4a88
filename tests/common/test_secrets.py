"""Stored secrets: readable with any configured key, by their own row only, and never by accident."""

import copy
import json
import pickle
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.secrets import (
    KeyMissing,
    Secret,
    SecretDamaged,
    current_prefix,
    decrypt,
    encrypt,
)

OLD, NEW = "o" * 40, "n" * 40
ROW = "alert_channels.url:1"


@pytest.fixture(autouse=True)
def _one_key(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]


@given(text=st.text(), context=st.text(max_size=60))
def test_what_was_encrypted_is_decrypted_in_its_context(text, context):
    stored = encrypt(Secret(text), context=context)

    assert decrypt(stored, context=context).reveal() == text


def test_the_same_secret_is_never_stored_the_same_way():
    stored = {encrypt(Secret("x"), context=ROW) for _ in range(20)}

    assert len(stored) == 20
    assert all(text.startswith(current_prefix()) for text in stored)


def test_a_ciphertext_of_another_row_is_refused():
    stored = encrypt(Secret("token"), context=ROW)

    with pytest.raises(SecretDamaged):
        decrypt(stored, context="alert_channels.url:2")


def test_every_changed_character_is_noticed():
    stored = encrypt(Secret("token"), context=ROW)
    body = stored.index(":", 3) + 1

    for place in range(body, len(stored) - 2):
        other = "A" if stored[place] != "A" else "B"
        with pytest.raises(SecretDamaged):
            decrypt(f"{stored[:place]}{other}{stored[place + 1 :]}", context=ROW)


@given(st.text(alphabet=string.printable, max_size=80))
def test_what_is_no_ciphertext_is_refused_with_its_own_error(text):
    with pytest.raises((SecretDamaged, KeyMissing)):
        decrypt(text, context=ROW)


def test_old_keys_decrypt_and_the_first_encrypts(settings):
    stored = encrypt(Secret("token"), context=ROW)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    assert decrypt(stored, context=ROW).reveal() == "token"
    assert encrypt(Secret("token"), context=ROW).startswith(current_prefix())
    assert not stored.startswith(current_prefix())


def test_a_key_that_was_removed_is_named_in_a_clear_error(settings):
    stored = encrypt(Secret("token"), context=ROW)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    with pytest.raises(KeyMissing) as missing:
        decrypt(stored, context=ROW)

    assert "FIELD_ENCRYPTION_KEYS" in missing.value.detail
    assert missing.value.details["key"] == stored.split(":")[1]
    assert OLD not in str(missing.value.details)


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, "short"]], ids=["none", "short", "short second"])
def test_unusable_keys_are_refused(settings, keys):
    settings.FIELD_ENCRYPTION_KEYS = keys

    with pytest.raises(KeyMissing):
        encrypt(Secret("token"), context=ROW)


def test_a_secret_is_not_shown_by_accident():
    secret = Secret("canary")

    shown = [
        repr(secret), str(secret), f"{secret}", f"{secret:>10}", f"{secret!r}", str([secret]),
        str({"url": secret}),
    ]  # fmt: skip

    assert all("canary" not in text for text in shown)
    assert (secret == Secret("canary"), secret == "canary") == (True, False)
    assert len({secret, Secret("canary")}) == 1
    for dump in (pickle.dumps, copy.deepcopy, copy.copy, json.dumps):
        with pytest.raises(TypeError):
            dump(secret)
