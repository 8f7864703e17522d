from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse

from odoo.addons.scm_base.tools.zones import zone_sql

from ..kernel import series_change as kernel
from .scm_finding_item import Item, bar_series, number, one_in, why

#: weeks before those looked at with which a profile is compared
PROFILE_WEEKS = 26
#: share of the orders that must have moved to other hours or weekdays
LEAST_MOVED = 0.05
#: measure, bins, length of a bin as share of a day
PROFILES = {"hours": (24, 1 / 24), "weekdays": (7, 1.0)}
#: an hour or day that was busier than this share of them shows what can be packed
SHOWN = 0.95


class ScmFindingMeasure(models.AbstractModel):
    """Items about peaks: the share of orders by hour and by weekday, against what packing showed it can do."""

    _inherit = "scm.finding.measure"

    @api.model
    def _collect_peaks(self, company, last):
        recent = company.scm_change_weeks
        weeks = recent + PROFILE_WEEKS
        first = last - timedelta(days=7 * weeks - 1)
        warehouses, counts, revenue = self._order_profiles(company, first, last, weeks)
        if not warehouses:
            return []
        calm = ~self._busy_weeks(company, first, weeks)
        late = int(calm[-recent:].sum())
        if late < 3:
            return []
        capacity = self._packing_capacity(company, last - timedelta(days=7 * recent - 1), last)
        items = []
        for name in PROFILES:
            before, after, moved, p = kernel.profile_change(counts[name][:, calm], late)
            for cell, warehouse in enumerate(warehouses):
                seen = counts[name][cell, -recent:].sum()
                found = before[cell], after[cell], moved[cell], p[cell] if seen >= company.scm_change_sample else np.nan
                profile = counts[name][cell][calm][-late:]
                room, worth = capacity[name].get(warehouse), revenue[cell] / max(counts[name][cell].sum(), 1)
                items.append(self._peak_item(company, name, warehouse, found, profile, room, worth, first, last))
        return items

    @api.model
    def _busy_weeks(self, company, first, weeks):
        """Weeks with a feast, festival or offer of the whole company: their hours are their own."""
        # sudo: the calendar of the company decides what may be compared
        events = self.env["scm.event"].sudo()
        events = events.search(events._company_domain(company) & self._selling_events(), limit=None)
        spans = events._occurrences_between(company, first, first + timedelta(days=7 * weeks - 1))
        busy = np.zeros(weeks, bool)
        for event in events - events.filtered(lambda one: one.category_ids or one.product_ids or one.warehouse_ids):
            for occurrence in spans.get(event.id, ()):
                # a day of flowers moves no hours of the week; what lasts does
                if (occurrence.date_end - occurrence.date_start).days >= 2:
                    begin = max((occurrence.date_start - first).days // 7, 0)
                    busy[begin : max((occurrence.date_end - first).days // 7 + 1, 0)] = True
        return busy

    @api.model
    def _order_profiles(self, company, first, last, weeks):
        """Orders by warehouse, week and hour or weekday (local), and their revenue by warehouse; one query."""
        source = self.env["scm.metric.source"]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT warehouse_id, (day - %(first)s::date) / 7 AS week,
                          EXTRACT(ISODOW FROM day)::int - 1 AS weekday, hour, COUNT(*), SUM(value)::float8
                     FROM (SELECT sale.warehouse_id, %(day)s AS day,
                                  EXTRACT(HOUR FROM timezone(%(zone)s, timezone('UTC', sale.date_order)))::int AS hour,
                                  sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS value
                             FROM sale_order sale %(places)s
                            WHERE sale.company_id = %(company)s AND sale.state = 'sale'
                              AND sale.warehouse_id IS NOT NULL AND %(around)s) placed
                    WHERE day BETWEEN %(first)s AND %(last)s
                    GROUP BY 1, 2, 3, 4""",
                first=first,
                last=last,
                day=source._day(SQL("sale.date_order")),
                zone=source._zone(),
                places=source._places(company, SQL("sale.warehouse_id")),
                company=company.id,
                around=source._around(SQL("sale.date_order"), first, last),
            )
        )
        warehouses = sorted({row[0] for row in rows})
        counts = {name: np.zeros((len(warehouses), weeks, bins)) for name, (bins, _part) in PROFILES.items()}
        revenue = np.zeros(len(warehouses))
        for warehouse, week, weekday, hour, count, value in rows:
            cell = warehouses.index(warehouse)
            counts["hours"][cell, week, hour] += count
            counts["weekdays"][cell, week, weekday] += count
            revenue[cell] += value or 0.0
        return warehouses, counts, revenue

    @api.model
    def _packing_capacity(self, company, first, last):
        """``{profile: {warehouse id: deliveries}}`` that were done in a busy hour and on a busy day."""
        moment = SQL("timezone(%s, timezone('UTC', done_at))", zone_sql("company_partner", "warehouse_partner"))
        rows = self.env.execute_query(
            SQL(
                """WITH done AS (
                       SELECT fact.warehouse_id, date_trunc('hour', %(moment)s) AS hour, COUNT(*) AS deliveries
                         FROM scm_flow_fact fact %(places)s
                        WHERE fact.company_id = %(company)s AND fact.stage = 'ship' AND fact.state = 'done'
                          AND NOT COALESCE(fact.is_return, FALSE) AND fact.done_date BETWEEN %(first)s AND %(last)s
                        GROUP BY 1, 2)
                   SELECT warehouse_id, 'hours', percentile_cont(%(shown)s) WITHIN GROUP (ORDER BY deliveries)
                     FROM done GROUP BY 1
                   UNION ALL
                   SELECT warehouse_id, 'weekdays', percentile_cont(%(shown)s) WITHIN GROUP (ORDER BY deliveries)
                     FROM (SELECT warehouse_id, hour::date, SUM(deliveries) AS deliveries FROM done GROUP BY 1, 2) daily
                    GROUP BY 1""",
                moment=moment,
                places=self.env["scm.metric.source"]._places(company, SQL("fact.warehouse_id")),
                company=company.id,
                first=first,
                last=last,
                shown=SHOWN,
            )
        )
        capacity = {name: {} for name in PROFILES}
        for warehouse, name, deliveries in rows:
            capacity[name][warehouse] = float(deliveries)
        return capacity

    @api.model
    def _peak_item(self, company, name, warehouse, found, profile, room, worth, first, last):
        before, after, moved, p = found
        recent = company.scm_change_weeks
        peak = int(np.nanargmax(after)) if np.isfinite(after).any() else 0
        # orders in the busiest hour of a day, or on the busiest day of a week
        orders = profile[:, peak].mean() / (7 if name == "hours" else 1)
        over = max(orders - room, 0.0) if room else 0.0
        money = -over * worth * (365.25 if name == "hours" else 365.25 / 7)
        window = last - timedelta(days=7 * recent - 1), last
        labels = self._bin_labels(name)
        terms = [
            ("change_peak_share", after[peak], "percent"),
            ("change_peak_before", before[peak], "percent"),
            ("change_peak_orders", orders, ""),
            *([("change_peak_capacity", room, "")] if room else []),
            ("change_one_in", one_in(p), ""),
            ("change_money", money, company.currency_id.name),
        ]
        values = {
            "kind": "peak",
            "measure": name,
            "dimension": "warehouse",
            "area": "warehouse",
            "unit": "percent",
            "before": number(before[peak]),
            "after": number(after[peak]),
            "low": 0.0,
            "high": 0.0,
            "money": number(money),
            "sample": int(profile.sum()),
            "date_from": window[0],
            "date_to": window[1],
            "base_from": first,
            "base_to": window[0] - timedelta(days=1),
            "warehouse_id": warehouse,
            "group_name": labels[peak],
            "series": bar_series(labels, after, before),
            "why": why(
                "change_profile",
                "change_formula_profile",
                moved,
                "percent",
                terms,
                window,
                profile.sum(),
                ["change_note_profile"],
            ),
        }
        return Item(
            key=f"peak:{name}:warehouse:{warehouse}",
            p=float(p),
            change=number(moved),
            own=number(moved),
            least=LEAST_MOVED,
            values=values,
        )

    @api.model
    def _bin_labels(self, name):
        if name == "hours":
            return [f"{hour:02d}:00" for hour in range(24)]
        names = babel_locale_parse(self.env.lang).days["stand-alone"]["wide"]
        return [names[weekday] for weekday in range(7)]
