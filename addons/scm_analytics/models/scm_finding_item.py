"""What the nightly search collects before it decides: plain values, no records."""

from dataclasses import dataclass, field

import numpy as np

#: weeks that a chart shows
CHART_WEEKS = 52


@dataclass
class Item:
    """A cell that may become a finding.

    :ivar key: kind, measure and subject, by which it is known again
    :ivar p: chance of its test, NaN: not enough data, None: it is counted and not tested
    :ivar change, own: change, and the same against its own past alone; least: smallest that matters, same unit
    :ivar values: values of the finding
    """

    key: str
    p: float | None
    change: float
    own: float
    least: float
    values: dict = field(default_factory=dict)

    @property
    def is_tested(self):
        return self.p is not None


def number(value):
    """A float for the database and for JSON; 0 where there is none."""
    value = float(value)
    return value if np.isfinite(value) else 0.0


def one_in(chance):
    """A chance as one in so many, which can be read where it has many zeros."""
    return round(1 / max(float(chance), 1e-9)) if np.isfinite(chance) else 0


def line_series(first_monday, values, expected, recent):
    """What the widget ``scm_finding_series`` draws as lines; False is a gap.

    :param first_monday: date of the first of the weeks in ``values``
    """
    start = max(len(values) - CHART_WEEKS, 0)
    days = np.datetime64(first_monday, "D") + 7 * np.arange(len(values))
    return {
        "kind": "line",
        "labels": [str(day) for day in days[start:]],
        "values": _plain(values[start:]),
        "expected": _plain(expected[start:]),
        "recent": int(recent),
    }


def bar_series(labels, after, before):
    """The same as bars with a mark for what was before."""
    return {"kind": "bars", "labels": labels, "values": _plain(after), "expected": _plain(before), "recent": 0}


def _plain(values):
    return [round(float(value), 4) if np.isfinite(value) else False for value in values]


def why(method, formula, value, unit, terms, window, sample=0, notes=()):
    """A why record (see ``scm.why``); terms are ``(code, value, unit)``."""
    return {
        "value": number(value),
        "unit": unit,
        "method": method,
        "formula": formula,
        "sample": int(sample),
        "window": {"from": str(window[0]), "to": str(window[1])},
        "terms": [{"code": code, "value": number(amount), "unit": of} for code, amount, of in terms],
        "notes": list(notes),
    }
