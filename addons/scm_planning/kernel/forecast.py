"""From a panel of histories to forecasts, quantiles, errors and reasons: the one entry point of the forecast kernel.

1. fill stock-outs, count ages
2. learn calendar factors (events, yearly profile, weekday) per group and divide them out
3. run a sample of series to learn what is common to all: mean scores, standardised quantiles
4. run all series in blocks (:mod:`.ensemble`), multiply the factors back
5. compare with plain methods at past origins, correct totals per group, calibrate demand over lead times
"""

import numpy as np

from . import backtest, classify, cleaning, common, ensemble, factors, intervals, methods, newitems
from .datatypes import CumulativeQuantiles, DemandPanel, EventCalendar, ForecastOptions, ForecastResult, Spikes

BLOCK = 1024
SAMPLE = 2000
NEW_PERIODS = {"W": 8, "D": 28}
MIN_ORIGIN = {"W": 26, "D": 56}
SEASON = {"W": 52, "D": 7}
RECENT = 26
BIAS_YEARS = 1
HUGE = 1e9


def forecast(panel: DemandPanel, options: ForecastOptions | None = None, calendar: EventCalendar | None = None):
    """Forecast every series of a panel.

    :param panel: :class:`.datatypes.DemandPanel`
    :param options: :class:`.datatypes.ForecastOptions`
    :param calendar: :class:`.datatypes.EventCalendar`, past and coming events; None = no events
    :returns: :class:`.datatypes.ForecastResult`
    :raises ValueError: when fixed methods are unknown or do not match the number of series

    >>> from datetime import date
    >>> result = forecast(DemandPanel([[5.0] * 40], date(2025, 1, 6)), ForecastOptions(horizon=2))
    >>> result.mean.round(2).tolist(), str(result.pattern[0])
    ([[5.0, 5.0]], 'smooth')
    """
    return _Run(panel, options or ForecastOptions(), calendar or EventCalendar()).result()


class _Run:
    """One forecast: what the steps share."""

    def __init__(self, panel, options, calendar):
        self.panel, self.options, self.calendar = panel, options, calendar
        methods.check_methods(options.methods, panel.n_series)
        self.n, self.periods, self.horizon = panel.n_series, panel.n_periods, options.horizon
        self.tuning = ensemble.WEEKLY if panel.freq == "W" else ensemble.DAILY
        if panel.in_stock is None:
            self.quantity = panel.quantity
        else:
            self.quantity = cleaning.fill_stock_outs(panel.quantity, panel.in_stock)
        labels, self.group = np.unique(panel.group, return_inverse=True)
        self.labels = labels if len(labels) else np.zeros(1, np.int64)
        self.n_groups = len(self.labels)
        self.first, self.known, self.since_sale = self._in_chunks(cleaning.ages)
        self.adi, self.cv2 = self._in_chunks(classify.interval_and_variation)
        self.classes = intervals.spread_class(self.adi)
        self.origins = backtest.origins(self.periods, self.horizon, options.origins, MIN_ORIGIN[panel.freq])
        self._allocate()

    def _in_chunks(self, function):
        parts = [function(self.quantity[row : row + BLOCK]) for row in range(0, max(self.n, 1), BLOCK)]
        return tuple(np.concatenate(column) for column in zip(*parts, strict=True))

    def _allocate(self):
        n, levels = self.n, len(self.options.levels)
        self.mean = np.zeros((n, self.horizon), np.float32)
        self.quantile = np.zeros((n, levels, self.horizon), np.float32)
        self.sigma, self.response = np.zeros(n), np.zeros(n)
        self.weights = np.zeros((n, self.tuning.grid.size), np.float32)
        self.cleaned = np.full((n, self.periods), np.nan, np.float32) if self.options.keep_cleaned else None
        self.scale_factor = np.ones((n, self.horizon), np.float32)
        self.season_factor = np.ones((n, self.horizon), np.float32)
        self.spikes = []
        # demand, one-step forecast and number of periods compared, per series
        self.path_sums = np.zeros((3, n))
        self.sums = backtest.Sums(n, SEASON[self.panel.freq])

    def result(self):
        self._learn_calendar()
        self._learn_common()
        for rows in self._blocks():
            self._run_rows(rows)
        self._settle_special()
        return self._assemble()

    def _learn_calendar(self):
        # recent volume, to spread samples evenly over large and small series
        self.size = np.nansum(self.quantity[:, -RECENT:], axis=1, dtype=np.float64)
        self.factors = factors.learn(
            self.panel, self.quantity, self.group, self.labels, self.options, self.calendar, self.origins, self.size
        )

    def _sample_rows(self):
        """Series that stand for all, evenly spread over size, so that the order of the series is no matter."""
        useful = np.flatnonzero(np.isfinite(self.adi))
        if len(useful) <= SAMPLE:
            return useful
        order = useful[np.argsort(self.size[useful], kind="stable")]
        return np.sort(order[(np.arange(SAMPLE) * len(order)) // SAMPLE])

    def _learn_common(self):
        rows = self.sample_rows = self._sample_rows()
        block, _season = self.factors.prepare(self.quantity, rows)
        self.common = common.learn(
            block,
            self.quantity[rows],
            self.origins,
            self.horizon,
            self.tuning,
            self.classes[rows],
            self.options.levels,
        )

    def _blocks(self):
        """Row numbers block by block, series of like age together."""
        order = np.lexsort((np.arange(self.n), self.known, self.first))
        for start in range(0, self.n, BLOCK):
            yield order[start : start + BLOCK]

    def _run_rows(self, rows):
        quantity = self.quantity[rows]
        block, season = self.factors.prepare(self.quantity, rows)
        self.season_factor[rows] = season.T
        run = ensemble.run_block(
            block.demand,
            block.known,
            self.classes[rows],
            self.origins,
            self.horizon,
            self.tuning,
            self.common.population,
            self._kept(rows),
        )
        self._store_forecast(rows, block, run)
        self._store_history(rows, block, run)
        self._sum_path(rows, block, run)
        if self.options.methods is not None:
            self._fix_methods(rows, quantity, block, run)
        self._compare(rows, quantity, block, run)

    def _kept(self, rows):
        """Weeks of a block that are not cut, bool (T, B), None = there are none."""
        if self.options.keep is None:
            return None
        series, period = (np.asarray(values, int) for values in self.options.keep)
        place = np.full(self.n, -1)
        place[rows] = np.arange(len(rows))
        inside = place[series] >= 0
        mask = np.zeros((self.periods, len(rows)), bool)
        mask[period[inside], place[series[inside]]] = True
        return mask

    def _fix_methods(self, rows, quantity, block, run):
        """Replace the ensemble by the planner's method, at the end and at every origin of the back-test."""
        history = _cleaned(block, run)
        for slot, origin in enumerate(self.origins):
            for place, values in self._fixed(rows, quantity, history, block, slot, origin).items():
                run.ahead[slot][:, place] = values / self._units(block, slot)[:, place]
        for place, values in self._fixed(rows, quantity, history, block, -1, self.periods).items():
            row = rows[place]
            self.quantile[row] = np.maximum(self.quantile[row] + values - self.mean[row], 0)
            self.mean[row] = values
            self.weights[row] = 0

    def _fixed(self, rows, quantity, history, block, slot, origin):
        after = block.factor_ahead(slot, self.horizon).T
        return methods.run_fixed(
            self.options.methods,
            rows,
            quantity[:, :origin],
            history[:, :origin],
            after,
            self.horizon,
            SEASON[self.panel.freq],
        )

    def _units(self, block, slot):
        """What turns the ensemble's output (h, B) into units."""
        return block.factor_ahead(slot, self.horizon) * block.scale

    def _store_forecast(self, rows, block, run):
        ahead, units = run.ahead[-1], self._units(block, -1)
        sigma = self._sigma(rows, ahead.mean(axis=0), run.recent[-1])
        residual = (block.demand - run.one_step)[-intervals.RESIDUAL_PERIODS :]
        own = intervals.own_quantiles(residual, self.options.levels)
        offset = intervals.offsets(own, sigma, self.classes[rows], self.common.table)
        quantile = ahead + offset[:, None] * intervals.growth(run.response[-1], self.horizon)
        quantile = np.maximum.accumulate(np.maximum(quantile, 0) * units, axis=0)
        self.mean[rows] = (ahead * units).T
        self.quantile[rows] = quantile.transpose(2, 0, 1)
        self.sigma[rows] = sigma * block.scale
        self.response[rows] = run.response[-1]
        self.weights[rows] = run.weights.T
        self.scale_factor[rows] = block.factor_ahead(-1, self.horizon).T

    def _sigma(self, rows, level, recent):
        noise = self.common.noise[self.classes[rows]]
        unmeasured = self.known[rows] <= NEW_PERIODS[self.panel.freq]
        sigma = intervals.blend(np.where(unmeasured, noise * level, recent), level, noise)
        # a history that never moved is certain, whatever its class
        return np.where((recent <= 1e-6 * level) & ~unmeasured, 0, sigma).astype(np.float32)

    def _store_history(self, rows, block, run):
        period, column = np.nonzero(run.cut < block.demand * np.float32(1 - 1e-5))
        scale = block.scale[column]
        if block.factor is not None:
            scale = scale * block.factor[period, column]
        before, after = (values[period, column] * scale for values in (block.demand, run.cut))
        self.spikes.append((rows[column].astype(np.int32), period.astype(np.int32), before, after))
        if self.cleaned is not None:
            self.cleaned[rows] = _cleaned(block, run)

    def _sum_path(self, rows, block, run):
        window = slice(max(0, self.periods - BIAS_YEARS * 365 // self.panel.period_days), None)
        path, demand = run.one_step[window], block.demand[window]
        if block.factor is not None:
            path, demand = (values * block.factor[window][: len(values)] for values in (path, demand))
        compared = np.isfinite(path) & block.known[window]
        for number, values in enumerate((demand, path)):
            self.path_sums[number, rows] = np.where(compared, values, 0).sum(axis=0) * block.scale
        self.path_sums[2, rows] = compared.sum(axis=0)

    def _compare(self, rows, quantity, block, run):
        if not self.origins:
            return
        age = np.cumsum(block.known, axis=0, dtype=np.int32)
        for slot, origin in enumerate(self.origins):
            ahead = run.ahead[slot] * self._units(block, slot)
            self.sums.add(rows, quantity, origin, ahead.T, age[origin - 1] >= self.tuning.warm_up)

    def _settle_special(self):
        """Dead and unknown items forecast nothing, new items lean on their group."""
        dead_periods = max(1, self.options.dead_days // self.panel.period_days)
        new = NEW_PERIODS[self.panel.freq]
        self.pattern = classify.pattern(self.adi, self.cv2, self.known, self.since_sale, new, dead_periods)
        ratio = newitems.group_ratio(self.mean.mean(axis=1), self.known, self.group, self.pattern == "new")
        self.mean *= ratio[:, None]
        self.quantile *= ratio[:, None, None]
        self.sigma *= ratio
        silent = np.isin(self.pattern, ("dead", "no_history")) | ~np.isfinite(self.adi)
        self.mean[silent] = 0
        self.quantile[silent] = 0
        self.sigma[silent] = 0
        self.weights[self.pattern == "no_history"] = 0

    def _assemble(self):
        result = self.sums.result()
        bias = backtest.bias_factors(*self.path_sums, self.classes, self.group)
        return ForecastResult(
            mean=self.mean,
            quantile=self.quantile,
            levels=self.options.levels,
            sigma=self.sigma,
            methods=self.tuning.grid.names,
            weights=self.weights,
            fixed=self.options.methods or (None,) * self.n,
            backtest=result,
            adi=self.adi,
            cv2=self.cv2,
            pattern=self.pattern,
            season_factor=self.season_factor,
            event_factor=self.factors.event_ahead(),
            event_effects=self.factors.learned.effects,
            cleaned=self.cleaned,
            spikes=self._join_spikes(),
            bias_factor=bias,
            flags=self._flags(),
            lead_time=self._lead_time(bias),
        )

    def _join_spikes(self):
        if not self.spikes:
            return Spikes(*(np.zeros(0, int) for _ in range(2)), *(np.zeros(0) for _ in range(2)))
        columns = [np.concatenate(column) for column in zip(*self.spikes, strict=True)]
        order = np.lexsort((columns[1], columns[0]))
        return Spikes(*(column[order] for column in columns))

    def _flags(self):
        largest = np.fmax.reduce(self.quantity, axis=1, initial=0)
        return {
            "clipped": self.panel.clipped > 0,
            "no_history": self.pattern == "no_history",
            "dead": self.pattern == "dead",
            "new": self.pattern == "new",
            "huge": largest >= HUGE,
        }

    def _lead_time(self, bias):
        table = common.lead_time_table(self.common, bias[self.sample_rows], self.classes[self.sample_rows])
        return CumulativeQuantiles(
            *table[:2],
            spread_class=self.classes,
            factor=table[2],
            standard_quantile=table[3],
            recalibrated=table[4],
            spread_scale=self.scale_factor,
            response=self.response,
        )


def _cleaned(block, run):
    """Demand (B, T) in units with spikes cut and calendar factors divided out, NaN where nothing was learned."""
    history = run.cut * block.scale
    history[~block.known] = np.nan
    return history.T
