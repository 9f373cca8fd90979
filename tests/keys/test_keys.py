"""Signing keys: made once, named by their thumbprint, kept private, and imported from PEM or JWK."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import import_key

from devidp.keys import KeyProblem, KeyRing, material
from devidp.store import StoreError
from devidp.store.signing_keys import StoredKey
from tests.rings import Rings, rings_at

ALGORITHMS = ["RS256", "ES256", "EdDSA"]


def pem(key: PrivateKeyTypes, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def rings(tmp_path: Path) -> Iterator[Rings]:
    with rings_at(tmp_path / "devidp.db") as found:
        yield found


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_set_of_keys_changes_none_of_them(algorithm: str) -> None:
    """Other threads may be reading them."""
    made = material.generate(algorithm)
    pem = made.jwk.as_pem(private=True).decode()
    for jwk in (made.jwk, material.parse(pem, algorithm).jwk, material.from_pem(pem)):
        before = dict(jwk.dict_value)
        material.key_set([made._replace(jwk=jwk)])
        assert jwk.dict_value == before


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_generated_key_is_named_by_its_thumbprint(algorithm: str) -> None:
    key = material.generate(algorithm)
    assert key.kid == import_key(key.public_jwk()).thumbprint()
    assert (key.algorithm, key.state) == (algorithm, "active")
    if algorithm == "RS256":
        assert isinstance(key.jwk.private_key, rsa.RSAPrivateKey)
        assert key.jwk.private_key.key_size == 2048


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_ring_has_the_same_key_after_a_restart(rings: Rings, algorithm: str) -> None:
    first = rings.ring(algorithm)
    document = first.document()
    again = rings.ring(algorithm)
    assert again.active.kid == first.active.kid
    assert again.document() == document
    assert again.active.jwk.as_dict(private=True) == first.active.jwk.as_dict(private=True)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_private_key_can_be_read_from_the_folder(rings: Rings, tmp_path: Path, algorithm: str) -> None:
    key = rings.ring(algorithm).active
    private = key.jwk.as_dict(private=True)
    der = key.jwk.as_der(private=True)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.kid.encode() in written
    assert b"PRIVATE KEY" not in written
    assert str(private["d"]).encode() not in written
    assert der[-32:] not in written
    assert b64encode(der[-30:]) not in written


def test_in_memory_the_key_stays() -> None:
    with rings_at(None) as rings:
        ring = rings.ring()
        assert ring.active.kid == ring.active.kid


def test_each_issuer_has_keys_of_its_own(rings: Rings) -> None:
    assert rings.ring(issuer="a").active.kid != rings.ring(issuer="b").active.kid


def test_another_algorithm_brings_a_new_key_and_leaves_the_old_one_published(rings: Rings) -> None:
    old = rings.ring("ES256").active
    ring = rings.ring("EdDSA")
    assert ring.active.algorithm == "EdDSA"
    assert [key.kid for key in ring.public_keys()] == [ring.active.kid, old.kid]


def test_an_rsa_key_has_the_size_that_is_wanted(rings: Rings) -> None:
    old = rings.ring("RS256").active
    assert rings.ring("RS256", key_size=2048).active.kid == old.kid
    ring = rings.ring("RS256", key_size=3072)
    assert (old.rsa_bits, ring.active.rsa_bits) == (2048, 3072)
    assert [(key.kid, key.state) for key in ring.all_keys()] == [(ring.active.kid, "active"), (old.kid, "published")]
    assert rings.ring("RS256", key_size=3072).active.kid == ring.active.kid
    assert rings.ring("RS256").active.kid == ring.active.kid, "without a size any will do"
    assert ring.rotate().rsa_bits == 3072
    assert ring.signing_with("PS256").rsa_bits == 3072
    ring.renew()
    assert ring.active.rsa_bits == 3072


@pytest.mark.parametrize("content", ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_a_damaged_key_is_reported(rings: Rings, content: str) -> None:
    store = rings.keys()
    sealed = store.sealed.seal(content)
    store.change(lambda keys: (StoredKey("k", "ES256", "active", False, sealed),))
    with pytest.raises(KeyProblem, match="the key k in the database is damaged"):
        rings.ring().all_keys()


def test_another_secret_is_reported_with_a_remedy(rings: Rings) -> None:
    rings.ring().document()
    with pytest.raises(StoreError, match=r"another secret .*Put the old file back, or delete both to start anew"):
        KeyRing("ES256", rings.keys(secret=b"another" * 5)).check()


def test_checking_generates_no_key(rings: Rings) -> None:
    rings.ring().check()
    assert rings.keys().find() == ()
    rings.ring().document()
    rings.ring().check()


@pytest.mark.parametrize("change", [lambda text: "", lambda text: text[:-1], lambda text: f"A{text}", str.swapcase])
def test_what_cannot_be_opened_is_found_without_opening_it(rings: Rings, change: Callable[[str], str]) -> None:
    sealed = rings.keys().sealed
    kept = sealed.seal("a key")
    sealed.check(kept)
    assert sealed.open(kept) == "a key"
    for act in (sealed.check, sealed.open):
        with pytest.raises(StoreError, match="another secret"):
            act(change(kept))


class TestImported:
    @pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
    def test_an_rsa_key_can_be_imported_as_pem(self, rsa_key: rsa.RSAPrivateKey, form: PrivateFormat) -> None:
        key = material.parse(pem(rsa_key, form), "RS256")
        assert key.jwk.private_key is not None
        assert key.kid == import_key(key.public_jwk()).thumbprint()

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_every_kind_can_be_imported_as_jwk(self, algorithm: str) -> None:
        jwk = {**material.generate(algorithm).jwk.as_dict(private=True), "kid": "my-own-name", "use": "sig"}
        key = material.parse(f"\n {json.dumps(jwk)}\n", algorithm)
        assert key.kid == import_key(key.public_jwk()).thumbprint()
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key.public_jwk())

    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [(ec.generate_private_key(ec.SECP256R1()), "ES256"), (ed25519.Ed25519PrivateKey.generate(), "EdDSA")],
    )
    def test_other_kinds_can_be_imported_as_pem(self, key: PrivateKeyTypes, algorithm: str) -> None:
        assert material.parse(pem(key), algorithm).algorithm == algorithm

    @pytest.mark.parametrize(
        "text", ["", "x", "{}", "[]", "{", '{"kty": "RSA"}', '{"kty": 1}', "-----BEGIN PRIVATE KEY"]
    )
    def test_text_that_is_not_a_key_is_refused(self, text: str) -> None:
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
        with pytest.raises(KeyProblem, match=r"an RSA key of 1024 bits, RFC 7518 section 3\.3 requires at least 2048"):
            material.parse(pem(rsa.generate_private_key(65537, 1024)), "RS256")

    def test_an_rsa_key_of_another_size_than_the_seed_says_is_refused(self, rsa_key: rsa.RSAPrivateKey) -> None:
        assert material.parse(pem(rsa_key), "RS256", 2048).rsa_bits == 2048
        with pytest.raises(KeyProblem, match="an RSA key of 2048 bits, but key_size is 4096; change one of them"):
            material.parse(pem(rsa_key), "RS256", 4096)

    def test_another_curve_is_refused(self) -> None:
        with pytest.raises(KeyProblem, match="use RSA, P-256 or Ed25519"):
            material.parse(pem(ec.generate_private_key(ec.SECP384R1())), "ES256")

    def test_a_key_for_another_algorithm_is_refused(self, rsa_key: rsa.RSAPrivateKey) -> None:
        with pytest.raises(KeyProblem, match="RS256 or PS256, but signing_algorithm is ES256; change one of them"):
            material.parse(pem(rsa_key), "ES256")

    def test_it_signs_and_the_generated_one_stays_published(self, rings: Rings) -> None:
        generated = rings.ring().active
        imported = material.generate("ES256")
        ring = rings.ring(imported=imported)
        assert [key.kid for key in ring.public_keys()] == [imported.kid, generated.kid]
        assert ring.active.kid == imported.kid
        assert [key.kid for key in rings.keys().find()] == [generated.kid], "it stays in the seed alone"

    def test_one_key_can_sign_with_another_algorithm_from_now_on(
        self, rings: Rings, rsa_key: rsa.RSAPrivateKey
    ) -> None:
        before = rings.ring("RS256", imported=material.parse(pem(rsa_key), "RS256"))
        before.change(before.active.kid, hidden=True)
        after = rings.ring("PS256", imported=material.parse(pem(rsa_key), "PS256"))
        assert [(key.kid, key.algorithm, key.hidden) for key in after.all_keys()] == [
            (before.active.kid, "PS256", True)
        ]

    @pytest.mark.parametrize("on_disk", [True, False])
    def test_it_cannot_be_rotated(self, tmp_path: Path, on_disk: bool) -> None:
        with rings_at(tmp_path / "devidp.db" if on_disk else None) as rings:
            ring = rings.ring(imported=material.generate("ES256"))
            with pytest.raises(KeyProblem, match="it comes from the seed: set another signing_key there"):
                ring.rotate()
