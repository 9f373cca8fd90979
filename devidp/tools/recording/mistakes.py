"""What a seed refuses of a provider is taken out, and named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.seed import SeedError, from_mapping
from devidp.seed.problems import Place, format_place


def taken_out(seed: dict[str, Any]) -> list[str]:
    """Take out of ``seed`` what it may not hold, and say why; raises SeedError for what is wrong as a whole."""
    said: list[str] = []
    while True:
        try:
            from_mapping(seed)
        except SeedError as error:
            places = [_place(problem.path, seed) for problem in error.problems]
            removed = [_remove(seed, place) for place in dict.fromkeys(places) if place]
            if not any(removed):
                raise
            said += [f"{problem.path}: {problem.message}" for problem in error.problems]
        else:
            return said


def _place(path: str, seed: Mapping[str, Any]) -> Place:
    """The deepest mapping's key that ``path`` leads to or through; empty where there is none."""
    through = [place for place in _places(seed, ()) if path.startswith(format_place(place))]
    return max(through, key=lambda place: len(format_place(place)), default=())


def _places(value: object, above: Place) -> Iterator[Place]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if len(above) > 1 or above == ("scopes",):
                yield (*above, name)
            yield from _places(inner, (*above, name))


def _remove(seed: dict[str, Any], place: Place) -> bool:
    """Whether it was there."""
    *above, last = place
    inner: Any = seed
    for name in above:
        inner = inner.get(name, {})
    return inner.pop(last, inner) is not inner
