from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_moment, local_today, zone_name
from odoo.addons.scm_planning.kernel.datatypes import EVENT_KINDS

from ..kernel import event_pace

#: longer occurrences are seasons: an hour says nothing of them
LONGEST_DAYS = 35
#: occurrences offered, and how old they may be
OFFERED, OFFERED_DAYS = 30, 800
#: of events that run at the same time, the one that is shown first
KIND_ORDER = {"festival": 0, "promotion": 1, "feast": 2}
MEASURES = ("orders", "units", "revenue")
COVERAGE = 0.8
#: relative error of what is expected of a region, category and product, beside the pace of the group above it
PART_ERROR, PRODUCT_ERROR = 0.25, 0.5
#: rows of a table on the page
SHOWN = 20


class Moment(NamedTuple):
    """The moment of an event that the page shows."""

    watch: object
    now: datetime
    hour: float  # hours since the event began
    live: bool
    shares: dict  # warehouse id -> float (S,), its shares of the hours
    totals: dict  # warehouse id -> (units, money) expected of the whole event


class ScmEventPage(models.AbstractModel):
    """The event page: expected against actual by the hour, with a projection to the end, live or replayed."""

    _name = "scm.event.page"
    _description = "Event Page"

    @api.model
    def get_page(self, occurrence_id=False, hour=False):
        """All that the page shows of an event, for the present company.

        :param occurrence_id: a running or past occurrence (``scm.event.occurrence``); by default the one that runs
            now, else the last past one
        :param hour: replay: show the page as it was so many full hours after the event began; by default now, of a
            past event its end
        :return: ``{"occurrences": [...], "occurrence": {...} or False, "measures": {"orders", "units", "revenue"},
            "chart", "regions", "products", "stock", "parcels", "todo", "currency_id"}``; a measure has ``actual``,
            ``expected`` (by now), ``total`` (expected of the event), ``ratio`` (shrunk pace), ``mean``, ``low`` and
            ``high`` (of the end, 80 %)
        """
        self.env["scm.metric"]._check_reader()
        company = self.env.company
        offered = self._offered(company)
        occurrence = self._chosen(company, offered, occurrence_id)
        page = {
            "occurrences": [self._occurrence_row(one, company) for one in offered],
            "occurrence": False,
            "currency_id": company.currency_id.id,
        }
        if not occurrence:
            return page
        self.env.cr.execute("SET LOCAL jit = off")
        moment = self._moment(self._up_to_date(company, occurrence), hour)
        return page | self._content(moment)

    def _content(self, moment):
        measures = self._measures(moment)
        items = self._items(moment, measures["units"]["pace"])
        stock, short = self._stock(moment, items)
        parcels = self._parcels(moment)
        return {
            "occurrence": self._head(moment),
            "measures": measures,
            "chart": self._chart(moment, measures),
            "regions": self._regions(moment, measures["units"]["pace"]),
            "products": self._products(items),
            "stock": stock,
            "parcels": parcels,
            "todo": self._todo(short, parcels),
        }

    # Which event, and which moment of it

    @api.model
    def _offered(self, company):
        """Occurrences that run or ran lately, the last one first."""
        today = local_today(company)
        events = self.env["scm.event"].search(
            self.env["scm.event"]._company_domain(company) & Domain("kind", "in", EVENT_KINDS)
        )
        found = self.env["scm.event.occurrence"].search(
            Domain("event_id", "in", events.ids)
            & Domain("date_start", "<=", today)
            & Domain("date_start", ">=", today - timedelta(days=OFFERED_DAYS)),
            limit=3 * OFFERED,
        )
        return found.filtered(lambda one: (one.date_end - one.date_start).days < LONGEST_DAYS)[:OFFERED]

    @api.model
    def _chosen(self, company, offered, occurrence_id):
        if occurrence_id:
            chosen = offered.filtered(lambda one: one.id == occurrence_id)
            if not chosen:
                raise UserError(
                    self.env._(
                        "There is no such event. Choose one that runs or is over; get_page without a number lists them."
                    )
                )
            return chosen
        today = local_today(company)
        running = offered.filtered(lambda one: one.date_end >= today)
        return running.sorted(lambda one: (KIND_ORDER.get(one.kind, 9), one.date_end))[:1] or offered[:1]

    @api.model
    def _occurrence_row(self, occurrence, company):
        return {
            "id": occurrence.id,
            "name": occurrence.event_id.name,
            "kind": occurrence.kind,
            "date_start": fields.Date.to_string(occurrence.date_start),
            "date_end": fields.Date.to_string(occurrence.date_end),
            "running": occurrence.date_end >= local_today(company),
        }

    @api.model
    def _up_to_date(self, company, occurrence):
        """The watch of an occurrence, read and frozen where that is due."""
        # sudo: the reader's role was checked; he sees figures of his own company, drilling obeys his own rights
        watch = self.env["scm.event.watch"].sudo().with_company(company)._ensure(company, occurrence.sudo())
        if watch._is_stale(fields.Datetime.now()) and watch.try_lock_for_update():
            watch._read()
        if not watch.basis:
            watch._freeze()
        return watch

    @api.model
    def _moment(self, watch, hour):
        now = fields.Datetime.now()
        length = (watch.date_end - watch.date_start).total_seconds() / 3600
        passed = min((now - watch.date_start).total_seconds() / 3600, length)
        live = hour is False and passed < length
        if hour is False:
            hour = passed
        elif isinstance(hour, bool) or not isinstance(hour, int | float) or not 0 <= hour <= length:
            raise UserError(self.env._("Replay an hour between 0 and %(most)s.", most=int(length)))
        else:
            hour = min(int(hour), passed)
        zones, warehouses = watch.profile["zones"], watch.profile["warehouses"]
        shares = {zone: np.array(values) for zone, values in zones.items()}
        return Moment(
            watch,
            watch.date_start + timedelta(hours=hour),
            hour,
            live,
            {int(warehouse): shares[zone] for warehouse, zone in warehouses.items()},
            self._totals(watch),
        )

    @api.model
    def _totals(self, watch):
        rows = self.env.execute_query(
            SQL(
                """SELECT warehouse_id, sum(quantity)::float8, sum(quantity * price)::float8
                     FROM scm_event_item WHERE watch_id = %s GROUP BY 1""",
                watch.id,
            )
        )
        return {warehouse: (units or 0.0, money or 0.0) for warehouse, units, money in rows}

    @api.model
    def _head(self, moment):
        watch, company = moment.watch, moment.watch.company_id
        zone = zone_name(company)
        row = self._occurrence_row(watch.occurrence_id, company)
        return row | {
            "event_id": watch.event_id.id,
            "live": moment.live,
            "hour": round(moment.hour, 2),
            "hours": self._length(moment),
            "start": fields.Datetime.to_string(local_moment(watch.date_start, zone)),
            "now": fields.Datetime.to_string(local_moment(moment.now, zone)),
            "zone": zone,
            "basis": watch.basis,
            "basis_label": dict(watch._fields["basis"]._description_selection(self.env))[watch.basis],
            "past_count": watch.past_count,
            "level_error": watch.level_error,
            "date_read": fields.Datetime.to_string(local_moment(watch.date_read or moment.now, zone)),
            "has_sales": bool(moment.totals),
        }

    @api.model
    def _length(self, moment):
        return len(next(iter(moment.shares.values()))) if moment.shares else 0

    # Totals and their course

    def _expected(self, moment):
        """Expected by the hour of each measure, ``{measure: float (S,)}``."""
        zeros = np.zeros(self._length(moment))
        units, money = zeros.copy(), zeros.copy()
        for warehouse, (quantity, value) in moment.totals.items():
            share = moment.shares.get(warehouse, zeros)
            units += quantity * share
            money += value * share
        return {"orders": units / max(moment.watch.order_units, 1e-9), "units": units, "revenue": money}

    def _actual(self, moment):
        """Actual by the hour up to the moment, ``{measure: float (hours begun,)}``."""
        begun = int(np.ceil(moment.hour))
        found = {measure: np.zeros(begun) for measure in MEASURES}
        for slot, *values in self.env.execute_query(
            SQL(
                """SELECT floor(extract(epoch FROM date_hour - %(start)s::timestamp) / 3600)::int,
                          sum(order_count)::float8, sum(quantity)::float8, sum(revenue)::float8
                     FROM scm_event_hour WHERE watch_id = %(watch)s AND date_hour < %(now)s GROUP BY 1""",
                start=moment.watch.date_start,
                watch=moment.watch.id,
                now=moment.now,
            )
        ):
            if slot < begun:
                for measure, value in zip(MEASURES, values, strict=True):
                    found[measure][slot] += value
        return found

    def _measures(self, moment):
        expected, actual = self._expected(moment), self._actual(moment)
        watch = moment.watch
        dispersion = {"orders": 1.0, "units": watch.unit_dispersion, "revenue": watch.money_dispersion}
        measures = {}
        for measure in MEASURES:
            total, sold = float(expected[measure].sum()), float(actual[measure].sum())
            course = np.cumsum(expected[measure]) / total if total > 0 else self._company_course(moment)
            done = event_pace.share_done(course, moment.hour)
            found = event_pace.project(
                [total], [sold], done, watch.level_error, dispersion[measure], watch.profile_spread, coverage=COVERAGE
            )
            measures[measure] = {
                "actual": round(sold, 2),
                "expected": round(float(found.expected[0]), 2),
                "total": round(total, 2),
                "ratio": False if np.isnan(found.ratio[0]) else round(float(found.ratio[0]), 4),
                "pace": 1.0 if np.isnan(found.ratio[0]) else float(found.ratio[0]),
                "mean": round(float(found.mean[0]), 2),
                "low": round(float(found.low[0]), 2),
                "high": round(float(found.high[0]), 2),
                "hours": {"expected": expected[measure], "actual": actual[measure]},
            }
        return measures

    def _chart(self, moment, measures):
        """Per measure the hours: ``expected`` (all), ``actual`` (begun), and from now on the projected sums."""
        chart = {}
        for measure, values in measures.items():
            hours = values.pop("hours")
            expected = hours["expected"]
            done = np.cumsum(expected)
            at = values["expected"]
            # the way from now to the end follows the expected hours, or time where nothing is expected
            path = (done - at) / (done[-1] - at) if len(done) and done[-1] - at > 1e-9 else np.ones(len(done))
            first = int(np.ceil(moment.hour))
            path = np.clip(path[first:], 0, 1)
            chart[measure] = {
                "expected": expected.round(3).tolist(),
                "actual": hours["actual"].round(3).tolist(),
                "projected": {
                    name: (values["actual"] + path * (values[name] - values["actual"])).round(2).tolist()
                    for name in ("mean", "low", "high")
                },
            }
        return chart

    # Regions

    def _regions(self, moment, pace):
        """Units by region: sold, expected by now, where they will end; what sold most first."""
        rows = self.env.execute_query(
            SQL(
                """SELECT region_id, sum(quantity)::float8, sum(revenue)::float8, sum(order_count)::int
                     FROM scm_event_hour WHERE watch_id = %s AND date_hour < %s GROUP BY 1""",
                moment.watch.id,
                moment.now,
            )
        )
        sold = {region: values for region, *values in rows}
        total, due = {}, {}
        for warehouse, shares in (moment.watch.regions or {}).items():
            units, _money = moment.totals.get(int(warehouse), (0.0, 0.0))
            share = moment.shares.get(int(warehouse))
            done = event_pace.share_done(np.cumsum(share), moment.hour) if share is not None else 0.0
            for region, part in shares.items():
                total[int(region)] = total.get(int(region), 0.0) + units * part
                due[int(region)] = due.get(int(region), 0.0) + units * part * done
        regions = sorted(set(sold) | set(total))
        if not regions:
            return []
        totals = np.array([total.get(region, 0.0) for region in regions])
        actual = np.array([sold.get(region, (0.0,))[0] for region in regions])
        done = np.array([due.get(region, 0.0) for region in regions]) / np.maximum(totals, 1e-9)
        done = np.where(totals > 0, done, event_pace.share_done(self._company_course(moment), moment.hour))
        watch = moment.watch
        error = event_pace.part_error(totals, PART_ERROR, watch.unit_dispersion)
        found = event_pace.project(
            totals, actual, done, error, watch.unit_dispersion, watch.profile_spread, pace, COVERAGE
        )
        names = self.env["scm.metric.snapshot"]._region_names(regions)
        result = [
            {
                "id": region,
                "name": names.get(region) or self.env._("Unknown region"),
                "actual": round(float(actual[index]), 2),
                "expected": round(float(found.expected[index]), 2),
                "total": round(float(totals[index]), 2),
                "ratio": False if np.isnan(found.ratio[index]) else round(float(found.ratio[index]), 4),
                "mean": round(float(found.mean[index]), 2),
                "revenue": round(sold.get(region, (0.0, 0.0))[1], 2),
                "orders": sold.get(region, (0.0, 0.0, 0))[2],
            }
            for index, region in enumerate(regions)
        ]
        return sorted(result, key=lambda row: (-max(row["actual"], row["expected"]), row["name"]))[:SHOWN]

    def _course(self, moment, warehouse):
        """Share of the event done at the end of each hour, of a warehouse; without a profile as of all together."""
        share = moment.shares.get(warehouse)
        return np.cumsum(share) if share is not None else self._company_course(moment)

    def _company_course(self, moment):
        """The same of all warehouses together."""
        expected = self._expected(moment)["units"]
        if expected.sum() > 0:
            return np.cumsum(expected) / expected.sum()
        return np.cumsum(next(iter(moment.shares.values()))) if moment.shares else np.ones(1)
