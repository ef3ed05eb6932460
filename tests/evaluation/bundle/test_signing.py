"""The key of the city: made once, kept to itself, refused when others could have read it."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from tifa.evaluation.bundle.signing import (
    KeyRefused,
    city_key,
    fingerprint,
    is_signed,
    public_key,
    public_pem,
    signature_of,
)


def test_the_key_is_made_once_and_for_the_service_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing-key.pem"

    first = city_key(path)

    assert fingerprint(city_key(path)) == fingerprint(first)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["signing-key.pem"]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    city_key(path)
    path.chmod(0o640)

    with pytest.raises(KeyRefused, match="chmod 600"):
        city_key(path)


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    pem = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for content, sentence in ((pem, "Ed25519"), (b"hello", "no private key")):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(KeyRefused, match=sentence):
            city_key(path)


def test_a_signature_is_of_one_key_and_one_content(tmp_path: Path) -> None:
    key, other = city_key(tmp_path / "a.pem"), city_key(tmp_path / "b.pem")
    signature = signature_of(key, b"hello")
    public = public_key(public_pem(key))

    assert signature_of(key, b"hello") == signature
    assert is_signed(public, b"hello", signature)
    assert not is_signed(public, b"hullo", signature)
    assert not is_signed(other.public_key(), b"hello", signature)
