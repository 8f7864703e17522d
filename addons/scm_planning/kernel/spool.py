"""A computed forecast as bytes, so that a run killed while it writes goes on with the very same numbers.

The bytes are NumPy's ``.npz`` (no pickles inside). What only explains a fit (cleaned history, spikes) stays out.
"""

import io
from dataclasses import fields

import numpy as np

from .datatypes import Backtest, CumulativeQuantiles, ForecastResult, Spikes

_PLAIN = ("mean", "quantile", "sigma", "weights", "adi", "cv2", "season_factor", "event_factor", "bias_factor")
_BACKTEST = ("abs_error", "sq_error", "error", "actual", "count")


def pack(keys, result, extra=None):
    """Bytes of a forecast.

    :param keys: list of (product id, warehouse id), one per series
    :param result: :class:`.datatypes.ForecastResult`
    :param extra: dict name -> array to keep beside it
    """
    arrays = {name: getattr(result, name) for name in _PLAIN}
    arrays |= {f"backtest_{name}": getattr(result.backtest, name) for name in _BACKTEST}
    arrays |= {f"lead_{item.name}": getattr(result.lead_time, item.name) for item in fields(CumulativeQuantiles)}
    arrays |= {f"flag_{name}": values for name, values in result.flags.items()}
    arrays |= {f"extra_{name}": values for name, values in (extra or {}).items()}
    arrays["keys"] = np.asarray(keys, dtype=np.int64).reshape(-1, 2)
    arrays["levels"] = np.asarray(result.levels)
    arrays["pattern"] = np.asarray(result.pattern, dtype=np.str_)
    arrays["methods"] = np.asarray(result.methods, dtype=np.str_)
    arrays["fixed"] = np.asarray([name or "" for name in result.fixed], dtype=np.str_)
    arrays["backtest_names"] = np.asarray(result.backtest.names, dtype=np.str_)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def unpack(raw):
    """Inverse of :func:`pack`: (keys, :class:`.datatypes.ForecastResult`, extra)."""
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        arrays = dict(stored)
    result = ForecastResult(
        **{name: arrays[name] for name in _PLAIN},
        levels=tuple(arrays["levels"].tolist()),
        methods=tuple(arrays["methods"].tolist()),
        fixed=tuple(name or None for name in arrays["fixed"].tolist()),
        backtest=Backtest(
            names=tuple(arrays["backtest_names"].tolist()), **{name: arrays[f"backtest_{name}"] for name in _BACKTEST}
        ),
        pattern=arrays["pattern"],
        event_effects={},
        cleaned=None,
        spikes=Spikes(*(np.empty(0) for _field in fields(Spikes))),
        flags=_with_prefix(arrays, "flag_"),
        lead_time=CumulativeQuantiles(**_with_prefix(arrays, "lead_")),
    )
    return [tuple(key) for key in arrays["keys"].tolist()], result, _with_prefix(arrays, "extra_")


def _with_prefix(arrays, prefix):
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}
