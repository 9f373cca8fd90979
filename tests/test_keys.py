"""Signing keys: made once, named by their thumbprint, kept private, and imported from PEM or JWK."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import import_key

from devidp.keys import KeyProblem, KeyRing, material
from devidp.system.files import PrivateFileError

ALGORITHMS = ["RS256", "ES256", "EdDSA"]


def pem(key: PrivateKeyTypes, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_generated_key_is_named_by_its_thumbprint(algorithm: str) -> None:
    key = material.generate(algorithm)
    assert key.kid == import_key(key.public_jwk()).thumbprint()
    assert (key.algorithm, key.state) == (algorithm, "active")
    if algorithm == "RS256":
        assert isinstance(key.jwk.private_key, rsa.RSAPrivateKey)
        assert key.jwk.private_key.key_size == 2048


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_ring_has_the_same_key_after_a_restart(folder: Path, algorithm: str) -> None:
    first = KeyRing("default", algorithm, folder)
    document = first.document()
    again = KeyRing("default", algorithm, folder)
    assert again.active.kid == first.active.kid
    assert again.document() == document
    assert again.active.jwk.as_dict(private=True) == first.active.jwk.as_dict(private=True)


def test_a_ring_is_kept_for_its_owner_alone(folder: Path) -> None:
    KeyRing("default", "ES256", folder).document()
    assert stat.S_IMODE((folder / "default.json").stat().st_mode) == 0o600


def test_in_memory_nothing_is_written_and_the_key_stays(folder: Path) -> None:
    ring = KeyRing("default", "ES256", None)
    assert ring.active.kid == ring.active.kid
    assert list(folder.iterdir()) == []


def test_each_issuer_has_a_file_of_its_own(folder: Path) -> None:
    assert KeyRing("a", "ES256", folder).active.kid != KeyRing("b", "ES256", folder).active.kid


def test_another_algorithm_brings_a_new_key_and_leaves_the_old_one_published(folder: Path) -> None:
    old = KeyRing("default", "ES256", folder).active
    ring = KeyRing("default", "EdDSA", folder)
    assert ring.active.algorithm == "EdDSA"
    assert [key.kid for key in ring.public_keys()] == [ring.active.kid, old.kid]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"keys": 1}', '{"keys": [1]}', '{"keys": [{"pem": 1}]}',
                                     '{"keys": [{"pem": "x", "alg": "ES256", "state": "active"}]}'])  # fmt: skip
def test_a_damaged_file_is_told(folder: Path, content: str) -> None:
    (folder / "default.json").write_text(content)
    (folder / "default.json").chmod(0o600)
    with pytest.raises(KeyProblem, match=r"is damaged .*; move it away to have a new key generated"):
        KeyRing("default", "ES256", folder).check()


def test_a_file_that_others_may_read_is_refused(folder: Path) -> None:
    KeyRing("default", "ES256", folder).document()
    (folder / "default.json").chmod(0o640)
    with pytest.raises(PrivateFileError, match=r"has mode 0640: others may read it\. Run: chmod 600"):
        KeyRing("default", "ES256", folder).check()


def test_checking_makes_no_key(folder: Path) -> None:
    KeyRing("default", "ES256", folder).check()
    assert list(folder.glob("*.json")) == []


def test_a_file_that_is_deleted_brings_a_new_key(folder: Path) -> None:
    ring = KeyRing("default", "ES256", folder)
    old = ring.active.kid
    (folder / "default.json").unlink()
    assert ring.active.kid != old
    assert (folder / "default.json").exists()


class TestImported:
    @pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
    def test_an_rsa_key_comes_as_pem(self, rsa_key: rsa.RSAPrivateKey, form: PrivateFormat) -> None:
        key = material.parse(pem(rsa_key, form), "RS256")
        assert key.jwk.private_key is not None
        assert key.kid == import_key(key.public_jwk()).thumbprint()

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_every_kind_comes_as_jwk(self, algorithm: str) -> None:
        jwk = {**material.generate(algorithm).jwk.as_dict(private=True), "kid": "my-own-name", "use": "sig"}
        key = material.parse(f"\n {json.dumps(jwk)}\n", algorithm)
        assert key.kid == import_key(key.public_jwk()).thumbprint()
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key.public_jwk())

    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [(ec.generate_private_key(ec.SECP256R1()), "ES256"), (ed25519.Ed25519PrivateKey.generate(), "EdDSA")],
    )
    def test_other_kinds_come_as_pem(self, key: PrivateKeyTypes, algorithm: str) -> None:
        assert material.parse(pem(key), algorithm).algorithm == algorithm

    @pytest.mark.parametrize(
        "text", ["", "x", "{}", "[]", "{", '{"kty": "RSA"}', '{"kty": 1}', "-----BEGIN PRIVATE KEY"]
    )
    def test_whatever_is_no_key_is_refused(self, text: str) -> None:
        with pytest.raises(KeyProblem, match=r"it is neither a PEM nor a JWK private key|it is not a private key"):
            material.parse(text, "RS256")

    def test_a_public_key_is_refused(self, rsa_key: rsa.RSAPrivateKey) -> None:
        public = rsa_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        for text in (public, json.dumps(material.parse(pem(rsa_key), "RS256").public_jwk())):
            with pytest.raises(KeyProblem, match="it is not a private key; devidp needs one to sign"):
                material.parse(text, "RS256")

    @pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
    def test_a_shared_secret_is_refused(self) -> None:
        with pytest.raises(KeyProblem, match="it is not a private key"):
            material.parse('{"kty": "oct", "k": "c2VjcmV0"}', "RS256")

    @pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
    def test_a_short_rsa_key_is_refused(self) -> None:
        with pytest.raises(KeyProblem, match=r"an RSA key of 1024 bits, RFC 7518 section 3\.3 wants 2048"):
            material.parse(pem(rsa.generate_private_key(65537, 1024)), "RS256")

    def test_another_curve_is_refused(self) -> None:
        with pytest.raises(KeyProblem, match="use RSA, P-256 or Ed25519"):
            material.parse(pem(ec.generate_private_key(ec.SECP384R1())), "ES256")

    def test_a_key_for_another_algorithm_is_refused(self, rsa_key: rsa.RSAPrivateKey) -> None:
        with pytest.raises(KeyProblem, match="RS256 or PS256, but signing_algorithm is ES256; change one of them"):
            material.parse(pem(rsa_key), "ES256")

    def test_it_signs_and_the_generated_one_stays_published(self, folder: Path) -> None:
        generated = KeyRing("default", "ES256", folder).active
        imported = material.generate("ES256")
        ring = KeyRing("default", "ES256", folder, imported)
        assert [key.kid for key in ring.public_keys()] == [imported.kid, generated.kid]
        assert ring.active.kid == imported.kid
        assert imported.kid not in (folder / "default.json").read_text()

    @pytest.mark.parametrize("on_disk", [True, False])
    def test_it_cannot_be_rotated(self, folder: Path, on_disk: bool) -> None:
        ring = KeyRing("default", "ES256", folder if on_disk else None, material.generate("ES256"))
        with pytest.raises(KeyProblem, match="it comes from the seed: give another signing_key there"):
            ring.rotate()
