"""Methods of statsmodels for the few series that a planner fixes them on; one series at a time, so slow.

A series too short for the model, or on which the fit fails, falls back to :func:`.smoothing.ses`.
"""

import warnings

import numpy as np

from . import smoothing

MIN_POINTS = 10
MAX_RATIO = 10.0


def ets(history, horizon, season=None):
    """Exponential smoothing state space model (Hyndman et al. 2008): A,N,N or A,Ad,N, the lower AICc.

    Yearly season is divided out before; a weekday season (``season`` of at most 12) is fitted when two are known.
    """
    return _each(history, horizon, season, _fit_ets)


def theta(history, horizon, season=None):
    """Theta method (Assimakopoulos and Nikolopoulos 2000) without its own season."""
    return _each(history, horizon, season, _fit_theta)


def _each(history, horizon, season, fit):
    out = smoothing.ses(history, horizon)
    for row, values in enumerate(history):
        known = np.flatnonzero(np.isfinite(values))
        if len(known) < MIN_POINTS:
            continue
        series = values[known[0] :]
        series = np.where(np.isfinite(series), series, np.nanmean(series))
        largest = series.max()
        if largest <= 0 or np.ptp(series) < 1e-9 * largest:
            continue
        forecast = _guarded(fit, series / largest, horizon, season)
        if forecast is not None:
            out[row] = forecast * largest
    return out


def _guarded(fit, series, horizon, season):
    """Forecast of a scaled series, None when the fit fails or explodes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            forecast = np.asarray(fit(series, horizon, season), dtype=float)
        except (ValueError, FloatingPointError, np.linalg.LinAlgError, IndexError, ZeroDivisionError):
            return None
    if not np.isfinite(forecast).all() or forecast.max(initial=0) > MAX_RATIO:
        return None
    return np.maximum(forecast, 0)


def _fit_ets(series, horizon, season):
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    seasonal = {}
    if season and season <= 12 and len(series) >= 2 * season + 4:
        seasonal = {"seasonal": "add", "seasonal_periods": season}
    fits = [ETSModel(series, error="add", **seasonal).fit(disp=False)]
    if len(series) >= 20:
        fits.append(ETSModel(series, error="add", trend="add", damped_trend=True, **seasonal).fit(disp=False))
    return min(fits, key=lambda fitted: fitted.aicc).forecast(horizon)


def _fit_theta(series, horizon, season):
    from statsmodels.tsa.forecasting.theta import ThetaModel

    return ThetaModel(series, period=1, deseasonalize=False).fit().forecast(horizon)
