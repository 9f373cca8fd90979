"""The Jinja environment, the one stylesheet, and the headers of every page."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, Final
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from devidp.web.pages.text import cut, visible

KEPT_PAGES = 32
LONGEST = 300
"""Characters of one parameter: a page of the most and longest ones is still a page."""
_OURS = {"·": "&#183;", "…": "&#8230;", "✓": "&#10003;"}
"""Beyond ASCII in the templates. Without them most pages take half the memory, and are sent as they are."""
_PACKAGE = Path(__file__).resolve().parents[2]


def _template_folder() -> Path:
    """A wheel carries the templates inside the package, a checkout has them beside it."""
    candidates = (_PACKAGE / "templates", _PACKAGE.parent / "templates")
    for folder in candidates:
        if (folder / "base.html").is_file():
            return folder
    looked = " nor in ".join(str(folder) for folder in candidates)
    raise FileNotFoundError(f"The page templates are neither in {looked}. Install devidp again.")


def _finalize(value: object) -> object:
    """Applied by Jinja to every value before it escapes it, so that no template can forget it."""
    return value if hasattr(value, "__html__") else visible(str(value))


def brief(value: str) -> Markup:
    """What a page shows of a parameter, whatever it holds."""
    spelled = visible(value)
    return escape(spelled if len(spelled) <= LONGEST else f"{spelled[:LONGEST]}… ({len(value)} characters)")


def _exact(value: object) -> Markup:
    """Escaped and otherwise unchanged: for form values, which come back as they were sent."""
    return escape(str(value))


_FOLDER: Final = _template_folder()
ICON: Final = (_FOLDER / "icon.svg").read_text(encoding="utf-8")
STYLE: Final = (_FOLDER / "style.css").read_text(encoding="utf-8")


def jinja_environment() -> Environment:
    """A Jinja environment for the templates: whatever a page shows of others is escaped and made visible."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(brief=brief, cut=cut, exact=_exact)
    made.globals["style"] = Markup(STYLE)  # noqa: S704 - a file of ours
    made.globals["icon"] = f"data:image/svg+xml,{quote(ICON, safe='/:')}"
    return made


_ENVIRONMENT: Final = jinja_environment()


def stylesheet(name: str) -> Markup:
    """One of the templates' stylesheets, for a page that has more to show than the others."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of ours


def content_security_policy(
    script: str | None = None, ancestors: str | None = "'none'", styles: Iterable[str] = ()
) -> str:
    """Nothing but the stylesheet, the icon, and the one inline ``script`` and more ``styles`` of a page that has them.

    ``ancestors`` is the origin that may show the page in a frame; ``None`` for a policy within the page, where it has
    no effect.

    No form-action: Chromium enforces it on the redirect that follows the form too, which would block the way back to
    the client.
    """
    allowed = [] if script is None else [f"script-src {_hashed(script)}"]
    loaded = ("default-src 'none'", f"style-src {' '.join(map(_hashed, (STYLE, *styles)))}", "img-src data:", *allowed)
    framed = () if ancestors is None else (f"frame-ancestors {ancestors}",)
    return "; ".join((*loaded, "base-uri 'none'", *framed))


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": content_security_policy(),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # with no-referrer a browser would not say either which origin posts a form
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def headers(frames: Iterable[str] = ()) -> dict[str, str]:
    """The headers of a page that loads ``frames``, from their origins and no other."""
    origins = dict.fromkeys(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, frames))
    if not origins:
        return {**HEADERS}
    policy = f"{HEADERS['Content-Security-Policy']}; frame-src {' '.join(origins)}"
    return {**HEADERS, "Content-Security-Policy": policy}


def render_form(template: str, *, transaction: str, places: Mapping[str, Markup], **values: Hashable) -> str:
    """The document with a form that carries ``transaction``; in this and in ``places`` alone most of them differ."""
    kept = _around(template, tuple(places), tuple(values.items()))
    filled = {"transaction": _exact(encodable(transaction)), **places}
    return "".join([filled[part] if index % 2 else part for index, part in enumerate(kept)])


@lru_cache(maxsize=KEPT_PAGES)
def _around(template: str, places: tuple[str, ...], values: tuple[tuple[str, Hashable], ...]) -> list[str]:
    """The document in parts, and between them the names of what fills its places."""
    marks = {token_hex(16): name for name in ("transaction", *places)}
    transaction, *others = marks
    around = dict(zip(places, map(Markup, others), strict=True))  # a mark is hexadecimal
    page = render(template, transaction=transaction, places=around, **dict(values))
    for char, reference in _OURS.items():
        page = page.replace(char, reference)
    return [marks.get(part, part) for part in re.split(f"({'|'.join(marks)})", page)]


def render(template: str, **values: Any) -> str:
    """The document; always encodable as UTF-8, which text out of JSON need not be (lone surrogates)."""
    return encodable(_ENVIRONMENT.get_template(template).render(values))


def encodable(text: str) -> str:
    """``text`` with a question mark for each half of a character."""
    return text.encode("utf-8", "replace").decode("utf-8")
