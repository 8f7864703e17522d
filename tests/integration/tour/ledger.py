"""Figures that must be the same wherever they stand, and the table that says so."""

from __future__ import annotations

from dataclasses import dataclass

#: a unit of goods, a cent: what differs by less is equal
NEAR = 0.005


@dataclass(frozen=True)
class Figure:
    """One figure with its value by place."""

    name: str
    places: dict[str, float]

    @property
    def agrees(self) -> bool:
        values = list(self.places.values())
        return max(values) - min(values) < NEAR * max(1.0, max(map(abs, values)) * 1e-6)


class Ledger:
    """Collects figures; ``check`` prints all of them and fails with those that do not agree."""

    def __init__(self):
        self.figures: list[Figure] = []

    def same(self, name: str, **places: float) -> None:
        """The figure has this value in each of the places; at least two are given."""
        assert len(places) > 1, f"{name}: nothing to compare with"
        self.figures.append(Figure(name, {place.replace("_", " "): float(value) for place, value in places.items()}))

    def text(self) -> str:
        width = max(len(figure.name) for figure in self.figures)
        return "\n".join(
            f"{'  ' if figure.agrees else '!!'} {figure.name:{width}}  "
            + "  ".join(f"{place} {value:,.2f}" for place, value in figure.places.items())
            for figure in self.figures
        )

    def check(self) -> None:
        print("\n" + self.text())
        different = [figure.name for figure in self.figures if not figure.agrees]
        assert not different, f"{len(different)} of {len(self.figures)} figures differ:\n{self.text()}"
