"""A web page as a person sees it: labels, what stands in the fields, and what the buttons say."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TYPED = frozenset({"text", "email", "password"})


@dataclass
class Control:
    """A field, a tick box or a button; ``words`` is what is written at it, or on it."""

    kind: str
    name: str = ""
    value: str = ""
    chosen: bool = False
    disabled: bool = False
    words: list[str] = field(default_factory=list)

    def says(self, words: str, *, alone: bool = False) -> bool:
        """Whether ``words`` are written on it, or nothing but them."""
        written = " ".join("".join(self.words).split())
        return written == words if alone else words in written


@dataclass
class Form:
    address: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def find(self, words: str, kinds: frozenset[str], *, alone: bool = False) -> Control | None:
        return next((each for each in self.controls if each.kind in kinds and each.says(words, alone=alone)), None)

    def sent(self, pressed: Control) -> list[tuple[str, str]]:
        """What a browser sends when ``pressed`` is pressed."""
        sending = (each for each in self.controls if each.kind != "button" and not each.disabled)
        kept = [each for each in sending if each.kind not in ("checkbox", "radio") or each.chosen]
        return [(each.name, each.value) for each in (*kept, pressed) if each.name]


class Page(HTMLParser):
    """What an address shows."""

    def __init__(self, address: str, status: int = 0, html: str = "") -> None:
        super().__init__()
        self.address = address
        self.status = status
        self.forms: list[Form] = []
        self._forms_by_id: dict[str, Form] = {}
        self._elsewhere: list[tuple[str, Control]] = []
        """Controls outside of the form that they belong to, which they name."""
        self._by_id: dict[str, Control] = {}
        self._labels: dict[str, list[str]] = {}
        self._written: list[tuple[str, list[str]]] = []
        self._text: list[str] = []
        self.feed(html)
        for form_id, control in self._elsewhere:
            self._forms_by_id[form_id].controls.append(control)
        for target, words in self._labels.items():
            if target in self._by_id:
                self._by_id[target].words.extend(words)

    @property
    def text(self) -> str:
        return " ".join("".join(self._text).split())

    def fill(self, label: str, value: str) -> None:
        self._find(label, TYPED)[1].value = value

    def untick(self, label: str) -> None:
        self._find(label, frozenset({"checkbox"}))[1].chosen = False

    def has(self, label: str) -> bool:
        """Whether a field, box or button says so."""
        kinds = TYPED | {"checkbox", "button"}
        return any(form.find(label, kinds) for form in self.forms)

    def pressed(self, words: str) -> tuple[Form, Control]:
        """The button that says ``words``, and its form."""
        form, button = self._find(words, frozenset({"button"}))
        assert not button.disabled, f"the button {words!r} is greyed out at {self.address}"
        return form, button

    def _find(self, words: str, kinds: frozenset[str]) -> tuple[Form, Control]:
        found = ((form, form.find(words, kinds, alone=alone)) for alone in (True, False) for form in self.forms)
        for form, control in found:
            if control is not None:
                return form, control
        raise AssertionError(f"nothing says {words!r} at {self.address}: {self.text}")

    # reading

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = values.get("method", "get").upper()
            self.forms.append(Form(urljoin(self.address, values.get("action", "")), method))
            self._forms_by_id[values.get("id", "")] = self.forms[-1]
        elif tag == "label":
            words = self._labels.setdefault(values["for"], []) if "for" in values else []
            self._written.append((tag, words))
        elif tag in ("input", "button") and (self.forms or "form" in values):
            self._add(tag, values)
        elif tag in ("style", "script"):
            self._written.append((tag, []))

    def _add(self, tag: str, values: dict[str, str]) -> None:
        kind = "button" if tag == "button" else values.get("type", "text")
        value = values.get("value", "on" if kind == "checkbox" else "")
        control = Control(kind, values.get("name", ""), value, "checked" in values, "disabled" in values)
        if "form" in values:
            self._elsewhere.append((values["form"], control))
        else:
            self.forms[-1].controls.append(control)
        if "id" in values:
            self._by_id[values["id"]] = control
        if tag == "button":
            self._written.append((tag, control.words))
        elif self._written and self._written[-1][0] == "label":
            control.words = self._written[-1][1]

    def handle_endtag(self, tag: str) -> None:
        if self._written and self._written[-1][0] == tag:
            self._written.pop()

    def handle_data(self, data: str) -> None:
        for _, words in self._written:
            words.append(data)
        if not any(tag in ("style", "script") for tag, _ in self._written):
            self._text.append(data)
