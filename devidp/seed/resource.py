"""The model of a resource."""

from pydantic import Field

from devidp.seed.entries import Entry
from devidp.seed.fields import Maybe, Text
from devidp.seed.references import AccessTokenFormat, ResourceUri, ScopeName, SigningAlgorithm
from devidp.seed.shape import TokenShapeOrNone


class ResourceEntry(Entry):
    """A protected resource, such as an MCP server: the audience of access tokens."""

    name: Maybe[Text] = None
    """What the consent page calls it; its URI by default."""
    aliases: list[ResourceUri] = Field(default=[])
    """Further URIs or names by which a request may name it; `aud` in its tokens stays the resource itself."""
    scopes: Maybe[list[ScopeName]] = None
    """The scopes that mean something there; every scope by default."""
    access_token_format: Maybe[AccessTokenFormat] = None
    """Whether access tokens for it are JWTs, or opaque and known to introspection only; the issuer's by default."""
    signing_algorithm: Maybe[SigningAlgorithm] = None
    """How access tokens for it are signed; as the issuer does by default."""
    access_token: TokenShapeOrNone = None
    """How access tokens for it differ from those of the issuer."""
