"""The city's key: made on first use, kept where only the service reads it, and what is signed with it."""

import base64
import binascii
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_OTHERS: Final = 0o077
_WORD: Final = 4


class KeyRefused(ValueError):
    """A key cannot be used; the message says why and what to do."""


def city_key(path: Path) -> Ed25519PrivateKey:
    """Return the key that signs results; the first call makes it.

    Raises
    ------
    KeyRefused
        When others may read the file, or it holds no Ed25519 key.
    """
    if not path.exists():
        _make(path)
    if path.stat().st_mode & _OTHERS:
        raise KeyRefused(
            f"The signing key {path} may be read by other accounts. Run: chmod 600 {path}; then make sure nobody copied it."
        )
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyRefused(f"{path} holds no private key in PEM without a password.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} holds a key of another kind; expected Ed25519.")
    return key


def public_pem(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """Return the public key as PEM."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_key(pem: bytes) -> Ed25519PublicKey:
    """Read a public key.

    Raises
    ------
    KeyRefused
        When it is no Ed25519 key in PEM.
    """
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefused(
            "It is no public key in PEM; it begins with “-----BEGIN PUBLIC KEY-----”."
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyRefused("It is a key of another kind; expected Ed25519.")
    return key


def fingerprint(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """Return the SHA-256 of the raw public key in groups of four, to be compared by eye."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    digits = hashlib.sha256(raw).hexdigest()
    return " ".join(digits[start : start + _WORD] for start in range(0, len(digits), _WORD))


def signature_of(key: Ed25519PrivateKey, content: bytes) -> bytes:
    """Sign ``content``; Ed25519 gives the same signature every time."""
    return base64.b64encode(key.sign(content)) + b"\n"


def is_signed(key: Ed25519PublicKey, content: bytes, signature: bytes) -> bool:
    """Return whether ``signature`` is the key's over ``content``."""
    try:
        key.verify(base64.b64decode(signature.strip(), validate=True), content)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    """Write a new key beside its place, then link it there: a second process finds a whole key or none."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".signing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
