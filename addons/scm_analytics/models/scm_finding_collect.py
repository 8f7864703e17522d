from datetime import timedelta

import numpy as np
from odoo import api, models

from ..kernel import series_change as kernel
from .scm_finding_item import Item, line_series, number, one_in, why

#: weeks of history that tests use: of sums two years and what is looked at, of rates a year and what is looked at
SEASON = kernel.SEASON
#: columns of facts -> fields of a finding; regions are states, or countries below zero
FIELDS = {
    "warehouse_id": "warehouse_id",
    "categ_id": "categ_id",
    "carrier_id": "carrier_id",
    "partner_id": "partner_id",
}
#: days of the year over those of a week
WEEKS_OF_YEAR = 365.25 / 7


class ScmFindingMeasure(models.AbstractModel):
    """Items of the weekly measures: sums, rates and means of cells."""

    _inherit = "scm.finding.measure"

    @api.model
    def _collect_weekly(self, company, last):
        """Items of all measures, one query per source."""
        by_source = {}
        for code, measure in self._measures().items():
            by_source.setdefault(measure.source, {})[code] = measure
        items = []
        for source, measures in sorted(by_source.items()):
            has_sums = any(measure.test == "growth" for measure in measures.values())
            weeks = company.scm_change_weeks + (2 * SEASON if has_sums else SEASON)
            first = last - timedelta(days=7 * weeks - 1)
            for code, panel in self._weekly(company, source, measures, first, last).items():
                items += self._items(company, measures[code], panel, first, last)
        return items

    @api.model
    def _items(self, company, measure, panel, first, last):
        keys, *sums = panel
        if not keys:
            return []
        skip = self._empty_weeks(sums[3])
        hits, size, worth, facts = (part[:, skip:] for part in sums)
        first += timedelta(days=7 * skip)
        recent = company.scm_change_weeks
        if hits.shape[1] <= recent:
            return []
        moved = np.zeros(hits.shape[1], bool)
        if measure.test == "growth":
            categories = [key[0] for key in keys] if measure.dimension == "category" else ()
            moved = self._moved_weeks(company, first, hits.shape[1], categories)
            change, expected = self._growth(hits, facts, moved, recent)
        else:
            test = kernel.rate_change if measure.test == "rate" else kernel.mean_change
            change, expected = test(hits, size, recent), None
        p = np.where(self._is_large(measure, facts, size, recent, company.scm_change_sample), change.p, np.nan)
        least = self._least(company, measure, change)
        money = self._money(measure, change, hits, size, worth, recent)
        panel = hits, size, facts, expected
        return [
            self._item(company, measure, key, cell, change, p, least, money, panel, first, last)
            for cell, key in enumerate(keys)
        ]

    @api.model
    def _empty_weeks(self, facts):
        """Weeks at the beginning in which the company had next to nothing: before it began, or was in Odoo."""
        total = facts.sum(axis=0)
        busy = np.flatnonzero(total >= 0.25 * np.median(total[total > 0])) if total.any() else []
        return int(busy[0]) if len(busy) else 0

    @api.model
    def _growth(self, hits, facts, moved, recent):
        if hits.shape[1] <= SEASON:
            return kernel._nothing(len(hits)), None
        return kernel.growth(hits, facts, moved, recent), kernel.expected_sums(hits, facts, moved)

    @api.model
    def _is_large(self, measure, facts, size, recent, sample):
        """Cells with enough facts; of sums by those of last year, so that the choice does not look at the outcome."""
        if measure.test == "growth":
            base = facts[:, -SEASON - recent : -SEASON] if facts.shape[1] >= SEASON + recent else facts[:, :0]
            return base.sum(axis=1) >= sample
        return np.minimum(size, np.where(facts > 0, size, 0))[:, -recent:].sum(axis=1) >= sample

    @api.model
    def _least(self, company, measure, change):
        """Smallest change that matters, in the unit of the change."""
        if measure.test == "growth":
            return np.full(len(change.p), company.scm_change_least)
        return np.maximum(measure.smallest, company.scm_change_least * np.nan_to_num(change.before))

    @api.model
    def _money(self, measure, change, hits, size, worth, recent):
        """Money per year: of sums revenue won or lost, of rates what the hits too many or too few are worth."""
        weeks = WEEKS_OF_YEAR / recent
        with np.errstate(invalid="ignore", divide="ignore"):
            if measure.test == "growth":
                revenue = worth[:, -recent:].sum(axis=1)
                return np.nan_to_num(revenue * (1 - 1 / (1 + change.change)) * weeks)
            each = worth.sum(axis=1) / hits.sum(axis=1)
            if measure.test == "mean":
                return np.zeros(len(hits))
            return np.nan_to_num(-change.change * size[:, -recent:].sum(axis=1) * weeks * each)

    @api.model
    def _item(self, company, measure, key, cell, change, p, least, money, panel, first, last):
        recent, weeks = company.scm_change_weeks, panel[0].shape[1]
        name = ",".join(map(str, key))
        window = last - timedelta(days=7 * recent - 1), last
        base = (window[0] - timedelta(weeks=SEASON), last - timedelta(weeks=SEASON))
        if measure.test != "growth":
            base = first, window[0] - timedelta(days=1)
        values = {
            "kind": measure.kind,
            "measure": measure.measure,
            "dimension": measure.dimension,
            "area": measure.area,
            "unit": measure.unit,
            "before": number(change.before[cell]),
            "after": number(change.after[cell]),
            "low": number(change.low[cell]),
            "high": number(change.high[cell]),
            "money": float(money[cell]),
            "sample": int(panel[2][cell, -recent:].sum()),
            "date_from": window[0],
            "date_to": window[1],
            "base_from": base[0],
            "base_to": base[1],
            **self._subject_values(measure.parts, key),
        }
        item = Item(
            key=f"{measure.kind}:{measure.measure}:{measure.dimension}:{name}",
            p=float(p[cell]),
            change=number(change.change[cell]),
            own=number(change.own[cell]),
            least=float(least[cell]),
            values=values,
        )
        if np.isfinite(item.p) and item.p <= 0.05:
            # only what can become a finding, or stay one, needs a chart and a why
            values["series"] = self._series(measure, cell, change, panel, first, recent)
            values["why"] = self._why(company, measure, cell, change, item, weeks)
        return item

    @api.model
    def _subject_values(self, parts, key):
        """Fields of the finding that say of what it is."""
        values = {}
        for part, record in zip(parts, key, strict=True):
            if part == "region_id":
                values["state_id" if record > 0 else "country_id"] = abs(record)
            else:
                values[FIELDS[part]] = record
        return values

    @api.model
    def _series(self, measure, cell, change, panel, first, recent):
        hits, size, _facts, expected = panel
        if measure.test == "growth":
            known = np.full(hits.shape[1], np.nan)
            known[SEASON:] = expected[cell]
            return line_series(first, hits[cell], known, recent)
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = np.where(size[cell] > 0, hits[cell] / size[cell], np.nan)
        return line_series(first, rate, np.full(len(rate), change.before[cell]), recent)

    @api.model
    def _why(self, company, measure, cell, change, item, weeks):
        share = "percent" if measure.test == "growth" else measure.unit
        unit = company.currency_id.name if measure.unit == "money" else "" if measure.unit == "count" else measure.unit
        terms = [
            ("change_after", change.after[cell], unit),
            ("change_before", change.before[cell], unit),
            ("change_own", change.own[cell], share),
            ("change_low", change.low[cell], share),
            ("change_high", change.high[cell], share),
            ("change_least", item.least, share),
            ("change_one_in", one_in(item.p), ""),
            ("change_weeks", weeks, ""),
            ("change_money", item.values["money"], company.currency_id.name),
        ]
        window = item.values["date_from"], item.values["date_to"]
        notes = [f"change_note_{measure.test}"]
        method, formula = f"change_{measure.test}", f"change_formula_{measure.test}"
        return why(method, formula, item.change, share, terms, window, item.values["sample"], notes)
