"""From a panel of histories to forecasts, quantiles, errors and reasons: the one entry point of the forecast kernel.

1. fill stock-outs, count ages
2. learn calendar factors (events, yearly profile, weekday) per group and divide them out
3. run a sample of series to learn what is common to all: mean scores, standardised quantiles
4. run all series in blocks (:mod:`.ensemble`), multiply the factors back
5. compare with plain methods at past origins, correct totals per group, calibrate demand over lead times
"""

import numpy as np

from . import backtest, classify, cleaning, common, ensemble, events, intervals, methods, seasonality
from .datatypes import CumulativeQuantiles, DemandPanel, EventCalendar, ForecastOptions, ForecastResult, Spikes

BLOCK = 1024
SAMPLE = 2000
NEW_PERIODS = {"W": 8, "D": 28}
MIN_ORIGIN = {"W": 26, "D": 56}
SEASON = {"W": 52, "D": 7}
NEW_PSEUDO_PERIODS = 1.5
HUGE = 1e9
MIN_WEEKDAY_DAYS = 28
FACTOR_FLOOR = np.float32(0.02)


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
        self.cleaned = np.full((n, self.periods), np.nan, np.float32)
        self.scale_factor = np.ones((n, self.horizon), np.float32)
        self.season_factor = np.ones((n, self.horizon), np.float32)
        self.spikes = []
        self.sums = backtest.Sums(n, SEASON[self.panel.freq])

    def result(self):
        self._learn_calendar()
        self._learn_common()
        for rows in self._blocks():
            self._run_rows(rows)
        self._settle_special()
        return self._assemble()

    def _learn_calendar(self):
        """Events first, on the ratio to the local level; then the yearly profile of what they leave."""
        panel = self.panel
        learned = events.learn(
            self.quantity, self.group, self.labels, panel.start, panel.period_days, self.horizon, self.calendar
        )
        self.event, self.event_row, self.event_effects = learned.factor, learned.row, learned.effects
        self.has_event = bool((self.event != 1).any())
        self.year, self.weekday = None, None
        if self.options.season == "auto" and self.n:
            self._learn_season()

    def _learn_season(self):
        panel = self.panel
        rows = seasonality.sample_per_group(self._size(), self.group, self.n_groups)
        sample = self._without_events(rows)
        self.year = seasonality.learn(
            sample, self.group[rows], self.n_groups, panel.start, panel.period_days, self.horizon, self.origins
        )
        if panel.freq == "D" and self.periods >= MIN_WEEKDAY_DAYS:
            self.weekday = seasonality.weekday(self.quantity, self.group, self.n_groups)

    def _without_events(self, rows):
        quantity = np.asarray(self.quantity[rows], np.float32)
        if self.has_event:
            quantity = quantity / self.event[self.event_row[rows], : self.periods]
        return quantity

    def _size(self):
        """Recent volume, to spread samples evenly over large and small series."""
        return np.nansum(self.quantity[:, -26:], axis=1, dtype=np.float64)

    def _prepare(self, rows):
        """A block with all calendar factors divided out, and its season factors (h, B) of the forecast."""
        total, ends = self.periods + self.horizon, (*self.origins, self.periods)
        factor, at_origins = np.ones((total, len(rows)), np.float32), None
        if self.year is not None:
            factor, at_origins = seasonality.factors(self.year, self._without_events(rows), self.group[rows])
        if at_origins is None:
            at_origins = [factor[end : end + self.horizon] for end in ends[:-1]]
        if self.weekday is not None:
            week = self.weekday[rows][:, np.arange(total) % 7].T
            factor = factor * week
            at_origins = [part * week[end : end + self.horizon] for part, end in zip(at_origins, ends, strict=False)]
        season = factor[self.periods :]
        if self.has_event:
            event = self.event[self.event_row[rows]].T
            factor = factor * event
            at_origins = [part * event[end : end + self.horizon] for part, end in zip(at_origins, ends, strict=False)]
        self.season_factor[rows] = season.T
        if self.year is None and self.weekday is None and not self.has_event:
            return common.prepare(self.quantity[rows], None)
        return common.prepare(self.quantity[rows], np.maximum(factor, FACTOR_FLOOR), at_origins)

    def _sample_rows(self):
        """Series that are common knowledge: evenly spread over size, so that the order of the series is no matter."""
        useful = np.flatnonzero((self.known > 0) & (self.since_sale < self.periods))
        if len(useful) <= SAMPLE:
            return useful
        order = useful[np.argsort(self._size()[useful], kind="stable")]
        return np.sort(order[(np.arange(SAMPLE) * len(order)) // SAMPLE])

    def _learn_common(self):
        rows = self._sample_rows()
        self.sample_rows = rows
        block = self._prepare(rows)
        self.common = common.learn(
            block,
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
        block = self._prepare(rows)
        run = ensemble.run_block(
            block.demand,
            block.known,
            self.classes[rows],
            self.origins,
            self.horizon,
            self.tuning,
            self.common.population,
        )
        self._store_forecast(rows, block, run)
        self._store_history(rows, block, run)
        if self.options.methods is not None:
            self._fix_methods(rows, quantity, block, run)
        self._compare(rows, quantity, block, run)

    def _fix_methods(self, rows, quantity, block, run):
        """Replace the ensemble by the planner's method, at the end and at every origin of the back-test."""
        scale = block.scale
        season = SEASON[self.panel.freq]
        for slot, origin in enumerate([*self.origins, self.periods]):
            after = block.factor_ahead(slot if origin < self.periods else -1, self.horizon).T
            fixed = methods.run_fixed(
                self.options.methods,
                rows,
                quantity[:, :origin],
                self.cleaned[rows, :origin],
                after,
                self.horizon,
                season,
            )
            for place, values in fixed.items():
                run.ahead[slot][:, place] = values / (after[place] * scale[place])
                if origin == self.periods:
                    shift = values - self.mean[rows[place]]
                    self.quantile[rows[place]] = np.maximum(self.quantile[rows[place]] + shift, 0)
                    self.mean[rows[place]] = values
                    self.weights[rows[place]] = 0

    def _store_forecast(self, rows, block, run):
        ahead, recent = run.ahead[-1], run.recent[-1]
        level = ahead.mean(axis=0)
        noise = self.common.noise[self.classes[rows]]
        unmeasured = self.known[rows] <= NEW_PERIODS[self.panel.freq]
        sigma = intervals.blend(np.where(unmeasured, noise * level, recent), level, noise)
        # a history that never moved is certain, whatever its class
        sigma = np.where((recent <= 1e-6 * level) & ~unmeasured, 0, sigma).astype(np.float32)
        residual = (block.demand - run.one_step)[-intervals.RESIDUAL_PERIODS :]
        own = intervals.own_quantiles(residual, self.options.levels)
        offset = intervals.offsets(own, sigma, self.classes[rows], self.common.table)
        grown = offset[:, None] * intervals.growth(run.response[-1], self.horizon)
        quantile = np.maximum(ahead + grown, 0)
        self.response[rows] = run.response[-1]
        after = block.factor_ahead(-1, self.horizon) * block.scale
        self.mean[rows] = (ahead * after).T
        self.quantile[rows] = np.maximum.accumulate(quantile * after, axis=0).transpose(2, 0, 1)
        self.sigma[rows] = sigma * block.scale
        self.weights[rows] = run.weights.T
        self.scale_factor[rows] = block.factor_ahead(-1, self.horizon).T

    def _store_history(self, rows, block, run):
        spike = run.cut < block.demand * (1 - 1e-5)
        period, column = np.nonzero(spike)
        scale = block.scale[column]
        if block.factor is not None:
            scale = scale * block.factor[period, column]
        self.spikes.append(
            (
                rows[column].astype(np.int32),
                period.astype(np.int32),
                block.demand[period, column] * scale,
                run.cut[period, column] * scale,
            )
        )
        history = run.cut * block.scale
        history[~block.known] = np.nan
        self.cleaned[rows] = history.T

    def _compare(self, rows, quantity, block, run):
        if not self.origins:
            return
        age = np.cumsum(block.known, axis=0, dtype=np.int32)
        for slot, origin in enumerate(self.origins):
            ahead = run.ahead[slot] * block.factor_ahead(slot, self.horizon) * block.scale
            self.sums.add(rows, quantity, origin, ahead.T, age[origin - 1] >= self.tuning.warm_up)

    def _settle_special(self):
        """Dead and unknown items forecast nothing, new items lean on their group."""
        dead_periods = max(1, self.options.dead_days // self.panel.period_days)
        new = NEW_PERIODS[self.panel.freq]
        self.pattern = classify.pattern(self.adi, self.cv2, self.known, self.since_sale, new, dead_periods)
        self._lean_on_group(np.flatnonzero(self.pattern == "new"))
        silent = np.isin(self.pattern, ("dead", "no_history")) | ~np.isfinite(self.adi)
        self.mean[silent] = 0
        self.quantile[silent] = 0
        self.sigma[silent] = 0
        self.weights[self.pattern == "no_history"] = 0

    def _lean_on_group(self, rows):
        grown = np.flatnonzero((self.known >= NEW_PERIODS[self.panel.freq]) & (self.mean[:, 0] > 0))
        if not len(rows) or not len(grown):
            return
        level = self.mean.mean(axis=1)
        overall = float(np.median(level[grown]))
        typical = np.full(self.n_groups, overall)
        for number in np.unique(self.group[rows]):
            mates = level[grown[self.group[grown] == number]]
            typical[number] = (
                (mates.sum() * 0 + np.median(mates) * len(mates) + overall * 5) / (len(mates) + 5)
                if len(mates)
                else overall
            )
        count = self.known[rows]
        wanted = (level[rows] * count + NEW_PSEUDO_PERIODS * typical[self.group[rows]]) / (count + NEW_PSEUDO_PERIODS)
        ratio = np.where(level[rows] > 0, wanted / np.maximum(level[rows], 1e-12), 0).astype(np.float32)
        self.mean[rows] *= ratio[:, None]
        self.quantile[rows] *= ratio[:, None, None]
        self.sigma[rows] *= ratio

    def _assemble(self):
        result = self.sums.result()
        bias = backtest.bias_factors(result, self.classes, self.group)
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
            event_factor=self.event[self.event_row][:, self.periods :],
            event_effects=self.event_effects,
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
        """Calibrate demand over P periods on the sample's back-test."""
        errors = {}
        for entry in self.common.lead_time:
            errors.setdefault(entry.periods, []).append(entry)
        periods = sorted(errors) or [1]
        factor = np.ones((intervals.N_CLASSES, len(periods)))
        standard = np.repeat(
            intervals.class_quantiles(np.zeros(0), np.zeros(0, int), intervals.TABLE_LEVELS)[:, None],
            len(periods),
            axis=1,
        )
        recalibrated = np.repeat(intervals.TABLE_LEVELS[None], len(periods), axis=0)
        for column, number in enumerate(periods):
            if number not in errors:
                continue
            rows = self.sample_rows[np.concatenate([entry.place for entry in errors[number]])]
            mean, spread, demand = (
                np.concatenate([getattr(entry, name) for entry in errors[number]])
                for name in ("mean", "spread", "demand")
            )
            factor[:, column], standard[:, column], recalibrated[column] = intervals.calibrate_lead_time(
                mean * bias[rows], spread, demand, self.classes[rows]
            )
        return CumulativeQuantiles(
            np.array(periods, float),
            intervals.TABLE_LEVELS,
            self.classes,
            factor,
            standard,
            recalibrated,
            self.scale_factor,
            self.response,
        )
