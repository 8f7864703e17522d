"""Methods that a planner can fix for an item instead of the weighted ensemble."""

import numpy as np

from . import backtest, intermittent, reference, smoothing


def naive(history, horizon, season=None):
    """The last known value, repeated.

    >>> naive(np.array([[1.0, 3.0, np.nan]]), 2).tolist()
    [[3.0, 3.0]]
    """
    last = smoothing.first_known(history[:, ::-1])
    return np.repeat(last[:, None], horizon, axis=1)


def mean13(history, horizon, season=None):
    """Mean of the last 13 periods."""
    return backtest.mean_forecast(history, horizon)


def seasonal_naive(history, horizon, season=52):
    """The same period one season ago; it takes the raw history, season included."""
    return backtest.seasonal_naive_forecast(history, horizon, season)


METHODS = {
    "naive": naive,
    "mean13": mean13,
    "seasonal_naive": seasonal_naive,
    "ses": smoothing.ses,
    "holt": smoothing.holt,
    "tsb": intermittent.tsb,
    "croston_sba": intermittent.croston_sba,
    "ets": reference.ets,
    "theta": reference.theta,
}
RAW_HISTORY = ("seasonal_naive",)


def check_methods(methods, n_series):
    """Raise a clear error for unknown names or a wrong number of entries."""
    if methods is None:
        return
    if len(methods) != n_series:
        raise ValueError(f"methods must have one entry per series ({n_series}), got {len(methods)}")
    unknown = sorted({name for name in methods if name is not None and name not in METHODS})
    if unknown:
        raise ValueError(f"unknown methods {unknown}; known are {sorted(METHODS)}")


def run_fixed(methods, rows, history, cleaned, factor, horizon, season):
    """Forecasts of the series of a block whose method is fixed.

    :param methods: per series of the panel, a name or None
    :param rows: int (B,), series of the block
    :param history: float (B, T), demand in units
    :param cleaned: float (B, T), spikes cut, calendar factors divided out
    :param factor: float (B, h), calendar factors of the periods to forecast
    :returns: dict place in the block -> float (h,)
    """
    out = {}
    wanted = {}
    for place, row in enumerate(rows):
        if methods[row] is not None:
            wanted.setdefault(methods[row], []).append(place)
    for name, places in wanted.items():
        if name in RAW_HISTORY:
            forecast = METHODS[name](history[places].astype(float), horizon, season)
        else:
            forecast = METHODS[name](cleaned[places].astype(float), horizon) * factor[places]
        out.update(zip(places, np.maximum(forecast, 0), strict=True))
    return out
