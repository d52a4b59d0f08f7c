from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel.errors import CannotRun
from honghui.kernel.sealing import (
    KEY_BYTES,
    MasterKeys,
    SealBroken,
    look_up_hash,
    new_data_key,
    new_secret_text,
    open_sealed,
    parse_secret,
    seal,
)

OLD = bytes(range(32))
NEW = bytes(range(100, 132))
KEY = bytes(range(32, 64))
CONTEXTS = st.text(min_size=1, max_size=20)


def keys(*raw: bytes) -> MasterKeys:
    return MasterKeys.from_secrets(raw)


@given(st.text(max_size=200), CONTEXTS)
def test_what_is_sealed_opens_again(plaintext: str, context: str) -> None:
    sealed = seal(KEY, plaintext, context)
    assert sealed[0] == 1
    assert open_sealed(KEY, sealed, context) == plaintext


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    assert seal(KEY, "330602", "person.id") != seal(KEY, "330602", "person.id")


@given(st.text(max_size=20), st.data())
def test_any_changed_bit_is_refused(plaintext: str, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, plaintext, "person.name"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        open_sealed(KEY, bytes(sealed), "person.name")


@given(st.binary(max_size=80))
def test_rubbish_and_cut_blobs_are_refused(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        open_sealed(KEY, blob, "person.name")
    with pytest.raises(SealBroken):
        keys(NEW).unwrap(blob, "person 1")
    with pytest.raises(SealBroken):
        open_sealed(KEY, seal(KEY, "张伟", "person.name")[: len(blob) % 30], "person.name")


def test_a_value_moved_to_another_column_or_person_does_not_open() -> None:
    sealed = seal(KEY, "张伟", "person.name")
    with pytest.raises(SealBroken):
        open_sealed(KEY, sealed, "person.address")
    with pytest.raises(SealBroken):
        open_sealed(new_data_key(), sealed, "person.name")
    wrapped = keys(NEW).wrap(KEY, "person 1")
    with pytest.raises(SealBroken):
        keys(NEW).unwrap(wrapped, "person 2")


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), CONTEXTS)
def test_a_wrapped_key_comes_back(data_key: bytes, context: str) -> None:
    assert keys(NEW).unwrap(keys(NEW).wrap(data_key, context), context) == data_key


def test_after_a_rotation_old_keys_open_and_new_ones_use_the_new_secret() -> None:
    wrapped = keys(OLD).wrap(KEY, "person 1")
    rotated = keys(NEW, OLD)
    assert rotated.unwrap(wrapped, "person 1") == KEY
    assert not rotated.is_current(wrapped)
    again = rotated.wrap(KEY, "person 1")
    assert rotated.is_current(again)
    assert keys(NEW).unwrap(again, "person 1") == KEY
    assert rotated.peppers == (keys(NEW).pepper, keys(OLD).pepper)
    assert rotated.pepper == keys(NEW).pepper


def test_a_secret_taken_away_too_early_is_named() -> None:
    with pytest.raises(SealBroken) as refused:
        keys(NEW).unwrap(keys(OLD).wrap(KEY, "person 1"), "person 1")
    assert refused.value.code == "sealing.secret_missing"


def test_look_up_hashes_differ_by_kind_value_and_pepper() -> None:
    one = look_up_hash(keys(NEW).pepper, "phone", "+8613800138000")
    assert len(one) == 32
    assert one == look_up_hash(keys(NEW).pepper, "phone", "+8613800138000")
    assert one != look_up_hash(keys(NEW).pepper, "resident_id", "+8613800138000")
    assert one != look_up_hash(keys(NEW).pepper, "phone", "+8613800138001")
    assert one != look_up_hash(keys(OLD).pepper, "phone", "+8613800138000")


def test_the_same_secret_derives_the_same_keys_for_ever() -> None:
    # Pinned: were these to change, every sealed value and every look-up in use would be lost.
    assert look_up_hash(keys(OLD).pepper, "phone", "+8613800138000").hex() == PINNED_HASH
    assert keys(OLD).unwrap(bytes.fromhex(PINNED_WRAPPED), "person 1") == KEY
    assert open_sealed(KEY, bytes.fromhex(PINNED_SEALED), "person.name") == "张伟"


def test_a_new_secret_reads_back_with_or_without_padding() -> None:
    text = new_secret_text()
    assert len(parse_secret(text)) == KEY_BYTES
    assert parse_secret(f" {text}=\n") == parse_secret(text)
    assert MasterKeys.from_texts([text]).pepper == keys(parse_secret(text)).pepper


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "A" * 43,
        base64.b64encode(b"\xfb" * 16 + bytes(range(240, 256))).decode(),
        base64.urlsafe_b64encode(bytes(range(31))).decode(),
        base64.urlsafe_b64encode(bytes(range(33))).decode(),
        "é" * 43,
    ],
)
def test_a_malformed_secret_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(CannotRun) as refused:
        parse_secret(text)
    assert refused.value.code == "sealing.secret_malformed"
    assert not text or text not in str(refused.value)


def test_no_secret_and_one_secret_twice_are_refused() -> None:
    for raw, code in (((), "no_secret"), ((NEW, NEW), "secret_twice")):
        with pytest.raises(CannotRun) as refused:
            keys(*raw)
        assert refused.value.code == f"sealing.{code}"


def test_master_keys_never_print_a_secret() -> None:
    master = keys(NEW)
    assert repr(master) == "MasterKeys()"
    assert "pepper" not in repr(master._derived)


def test_new_data_keys_are_random() -> None:
    assert len({new_data_key() for _ in range(50)}) == 50


PINNED_HASH = "326bae48a9084e3731b438a266fe51a34fdb0889187a1502788434bc5769f733"
PINNED_WRAPPED = (
    "0155bc21cc36c9cd6e0eed7196fd060c37c4b1fada54c1085ad55ff113f0088ecc9a770b2d1e3c04"
    "d29e0480e9c3c856df019d13b58e6c22c887e4771c60d52492"
)
PINNED_SEALED = "01c4f0ece8950ddd2ad890b703b94cbbeba27a94b302b73adc5436048af73d6000a384"
