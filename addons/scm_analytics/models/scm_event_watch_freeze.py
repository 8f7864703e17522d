import math
from datetime import datetime, time, timedelta

import numpy as np
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import utc_moment
from odoo.addons.scm_planning.kernel.datatypes import PERIOD_DAYS

from ..kernel import event_pace

#: days before the event (and its lead-in) that say what is usual
USUAL_DAYS = 56
#: past occurrences that a profile is learned from
PAST_EVENTS = 3


class ScmEventWatch(models.Model):
    """Freezes what was expected of an event, with nothing but what was known when it began."""

    _inherit = "scm.event.watch"

    def _freeze(self, basis=None):
        """Work out what is expected of the event and keep it.

        :param basis: ``replay`` computes the forecast anew with the history of that time, which takes as long as a
            planning run; by default the forecast that was published then, else the sales of the weeks before
        """
        self.ensure_one()
        self.env.flush_all()
        past = self._past()
        usual_end = self.date_start - timedelta(days=self.event_id.lead_in_days)
        self._collect(usual_end - timedelta(days=USUAL_DAYS), usual_end)
        usual = self._usual()
        seen = [watch._local_hours() for watch in past]
        profile = self._learn(usual, seen)
        weights = self._day_weights(usual, past, seen)
        basis, run, said = self._said(basis, weights)
        self._insert_items(said, self._price_factor(past))
        self.write(
            {
                "basis": basis,
                "run_id": run.id,
                "profile": self._on_axis(profile.share),
                "regions": self._region_shares(),
                "order_units": usual["units"] / max(usual["orders"], 1.0),
                "unit_dispersion": max(usual["unit_dispersion"], 1.0),
                "money_dispersion": max(usual["money_dispersion"], 1.0),
                "profile_spread": profile.spread,
                "level_error": self._past_error(),
                "past_count": profile.count,
                "date_frozen": fields.Datetime.now(),
            }
        )

    # What is usual, and how past occurrences ran

    def _past(self):
        """Watches of the last occurrences of the same event that the company sold in, with their hours."""
        occurrence = self.occurrence_id
        earlier = self.env["scm.event.occurrence"].search(
            Domain("event_id", "=", occurrence.event_id.id) & Domain("date_end", "<", occurrence.date_start),
            limit=PAST_EVENTS,
        )
        found = self.browse()
        for one in earlier:
            watch = self._ensure(self.company_id, one)
            if not watch.watermark:
                watch._read()
            found |= watch
        return found

    def _usual(self):
        """Orders of the usual weeks by weekday and hour, and how units and money come in orders."""
        week = np.zeros((7, 24))
        for weekday, hour, count in self.env.execute_query(
            SQL(
                "SELECT extract(isodow FROM moment)::int, extract(hour FROM moment)::int, sum(order_count)"
                "  FROM scm_event_sale GROUP BY 1, 2"
            )
        ):
            week[weekday - 1, hour] = count
        ((orders, units, unit_dispersion, money_dispersion),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*)::float8, COALESCE(sum(units), 0),
                       COALESCE(sum(units ^ 2) / NULLIF(sum(units), 0), 1),
                       COALESCE(sum(money ^ 2) / NULLIF(sum(money), 0), 1)
                  FROM (SELECT sum(quantity) AS units, sum(GREATEST(revenue, 0)) AS money
                          FROM scm_event_sale GROUP BY order_id) orders
                """
            )
        )
        return {
            "week": week,
            "orders": orders,
            "units": units,
            "unit_dispersion": unit_dispersion,
            "money_dispersion": money_dispersion,
        }

    def _local_hours(self):
        """Units of the event by the hour of the warehouses' own clocks since its first midnight, float (24 d,)."""
        self.ensure_one()
        occurrence = self.occurrence_id
        hours = np.zeros(24 * ((occurrence.date_end - occurrence.date_start).days + 1))
        for index, units in self.env.execute_query(
            SQL(
                """
                SELECT floor(extract(epoch FROM date_hour AT TIME ZONE 'UTC' AT TIME ZONE zone.zone
                                                - %s::timestamp) / 3600)::int, sum(quantity)::float8
                  FROM scm_event_hour hour JOIN scm_zone zone ON zone.warehouse_id = hour.warehouse_id
                 WHERE watch_id = %s GROUP BY 1
                """,
                occurrence.date_start,
                self.id,
            )
        ):
            hours[min(max(index, 0), len(hours) - 1)] += units
        return hours

    def _other_hours(self):
        """Units of other events before this one by the hour of the day, float (24,)."""
        hours = np.zeros(24)
        for hour, units in self.env.execute_query(
            SQL(
                """
                SELECT extract(hour FROM date_hour AT TIME ZONE 'UTC' AT TIME ZONE zone.zone)::int,
                       sum(quantity)::float8
                  FROM scm_event_watch watch
                  JOIN scm_event_hour hour ON hour.watch_id = watch.id
                  JOIN scm_zone zone ON zone.warehouse_id = hour.warehouse_id
                 WHERE watch.company_id = %s AND watch.event_id <> %s AND watch.date_end <= %s
              GROUP BY 1
                """,
                self.company_id.id,
                self.event_id.id,
                self.date_start,
            )
        ):
            hours[hour] = units
        return hours

    def _learn(self, usual, seen):
        dispersion = max(usual["unit_dispersion"], 1.0)
        first, days = self.occurrence_id.date_start, self._days()
        weekdays = [(first + timedelta(days=day)).weekday() for day in range(days)]
        prior = event_pace.usual_profile(usual["week"], weekdays, self._other_hours() / dispersion)
        return event_pace.learn_profile([hours / dispersion for hours in seen], prior)

    def _days(self):
        return (self.occurrence_id.date_end - self.occurrence_id.date_start).days + 1

    def _past_error(self):
        """Relative error of what was expected of the company's earlier events."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT sum(quantity) FROM scm_event_hour WHERE watch_id = watch.id)
                       / NULLIF((SELECT sum(quantity) FROM scm_event_item WHERE watch_id = watch.id), 0)
                  FROM scm_event_watch watch
                 WHERE company_id = %s AND basis IS NOT NULL AND date_end <= %s
                """,
                self.company_id.id,
                self.date_start,
            )
        )
        return event_pace.level_error([ratio for (ratio,) in rows if ratio])

    def _region_shares(self):
        """``{warehouse id as text: {region id as text: share of its units}}`` of the usual weeks."""
        shares = {}
        for warehouse, region, units in self.env.execute_query(
            SQL(
                """
                SELECT warehouse_id, region_id,
                       sum(quantity) / NULLIF(sum(sum(quantity)) OVER (PARTITION BY warehouse_id), 0)
                  FROM scm_event_sale GROUP BY 1, 2
                """
            )
        ):
            shares.setdefault(str(warehouse), {})[str(region)] = round(units or 0.0, 6)
        return shares

    # Which hour of the event is which hour of the world

    def _on_axis(self, share):
        """The profile on the hours since the first warehouse began, per time zone.

        :return: ``{"zones": {zone: [share per hour]}, "warehouses": {id as text: zone}}``
        """
        zones = self.env["stock.warehouse"]._scm_zones(self.company_id)
        midnight = datetime.combine(self.occurrence_id.date_start, time())
        hours = math.ceil((self.date_end - self.date_start).total_seconds() / 3600)
        shares = {}
        for zone in set(zones.values()):
            moments = [utc_moment(midnight + timedelta(hours=hour), zone) for hour in range(len(share))]
            slots = [int((moment - self.date_start).total_seconds() // 3600) for moment in moments]
            on_axis = np.bincount(np.clip(slots, 0, hours - 1), share, hours)
            shares[zone] = on_axis.round(9).tolist()
        return {"zones": shares, "warehouses": {str(warehouse): zone for warehouse, zone in zones.items()}}

    # What was expected of each product

    def _day_weights(self, usual, past, seen):
        """How strong each weekday is (7,), and each day of the event (d,), beside a usual day."""
        week = usual["week"].sum(axis=1) + 1.0
        week = 7 * week / week.sum()
        lift = event_pace.day_lift(seen, [watch._usual_level() for watch in past], self._days())
        if lift is None:
            first = self.occurrence_id.date_start.weekday()
            lift = (1.0 + self._expected_uplift()) * week[(first + np.arange(self._days())) % 7]
        return week, lift

    def _usual_level(self):
        """Units a day of the event's products before it began."""
        end = self.occurrence_id.date_start - timedelta(days=self.event_id.lead_in_days)
        ((units, first),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(sum(quantity), 0)::float8, min(date) FROM scm_demand_day
                 WHERE company_id = %s AND date >= %s AND date < %s AND %s
                """,
                self.company_id.id,
                end - timedelta(days=USUAL_DAYS),
                end,
                self._scope(SQL("product_id"), SQL("warehouse_id")),
            )
        )
        return units / (end - first).days if first else 0.0

    def _expected_uplift(self):
        if self.event_id.expected_uplift:
            return self.event_id.expected_uplift
        effects = self.env["scm.event.effect"].search(
            Domain("event_id", "=", self.event_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("run_id.current", "=", True)
        )
        return sum(effects.mapped("peak")) / len(effects) if effects else 0.0

    def _said(self, basis, weights):
        """Where the expectation comes from: ``(basis, run, SQL of warehouse_id, product_id, quantity)``."""
        runs = self.env["scm.forecast.run"]
        if basis == "replay":
            run = self._run_of_then()
            said = self._replayed(run, weights)
            if said is not None:
                return "replay", runs, said
        run = self._published_run()
        if run:
            return "forecast", run, self._published(run, weights)
        _week, lift = weights
        level = SQL(
            "SELECT warehouse_id, product_id, sum(quantity) / %s * %s AS quantity FROM scm_event_sale GROUP BY 1, 2",
            USUAL_DAYS,
            float(lift.sum()),
        )
        return "level", runs, level

    def _published_run(self):
        """The last forecast published for the day on which the event began, or before."""
        first = self.occurrence_id.date_start
        runs = self.env["scm.forecast.run"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("published", "=", True)
            & Domain("freq", "=", "W")
            & Domain("date_from", "<=", first),
            order="date_from desc, id desc",
            limit=10,
        )
        for run in runs:
            ahead = (self.occurrence_id.date_end - run.date_from).days
            if ahead < run.horizon * PERIOD_DAYS[run.freq] and self.env["scm.forecast"].search(
                [("run_id", "=", run.id)], limit=1
            ):
                return run
        return runs.browse()

    def _periods(self, run, weights):
        """First days of the forecast periods from the run's to the event's last, and the event's share of each."""
        week, lift = weights
        length = PERIOD_DAYS[run.freq]
        first, last = ((day - run.date_from).days for day in (self.occurrence_id.date_start, self._last_day()))
        count = last // length + 1
        strength = np.array([week[(run.date_from + timedelta(days=day)).weekday()] for day in range(count * length)])
        strength[first : last + 1] = lift
        shares = event_pace.period_shares(strength, length, first, last)
        return [run.date_from + timedelta(days=length * period) for period in range(count)], shares

    def _last_day(self):
        return self.occurrence_id.date_end

    def _published(self, run, weights):
        days, shares = self._periods(run, weights)
        return SQL(
            """
            SELECT f.warehouse_id, f.product_id,
                   sum(COALESCE(line.quantity_override, line.quantity) * part.share) AS quantity
              FROM scm_forecast f
              JOIN scm_forecast_line line ON line.forecast_id = f.id
              JOIN unnest(%s::date[], %s::float8[]) part (day, share) ON part.day = line.date
             WHERE f.run_id = %s GROUP BY 1, 2
            """,
            days,
            shares.tolist(),
            run.id,
        )

    def _run_of_then(self):
        first = self.occurrence_id.date_start
        monday = first - timedelta(days=first.weekday())
        return self.env["scm.forecast.run"].new(
            {
                "company_id": self.company_id.id,
                "freq": "W",
                "date_from": monday,
                "horizon": (self._last_day() - monday).days // 7 + 1,
                "kind": "forecast",
            }
        )

    def _replayed(self, run, weights):
        keys, panel = run._read_panel()
        if not keys or not np.nansum(panel.quantity) > 0:
            return None
        _days, shares = self._periods(run, weights)
        quantity = run._forecast(keys, panel).expected[:, : len(shares)] @ shares
        products, warehouses = zip(*keys, strict=True)
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::float8[]) said (warehouse_id, product_id, quantity)",
            [int(one) for one in warehouses],
            [int(one) for one in products],
            quantity.tolist(),
        )

    def _price_factor(self, past):
        """Price of the last occurrence beside that of the weeks before it, with the products as sold then."""
        if not past:
            return 1.0
        last = past[0]
        end = last.occurrence_id.date_start
        ((factor,),) = self.env.execute_query(
            SQL(
                """
                SELECT sum(sold.money) / NULLIF(sum(sold.units * before.price), 0)
                  FROM (SELECT product_id, sum(quantity) AS units, sum(revenue) AS money
                          FROM scm_event_hour WHERE watch_id = %s GROUP BY 1) sold
                  JOIN (SELECT product_id, sum(revenue) / NULLIF(sum(quantity), 0) AS price
                          FROM scm_demand_day WHERE company_id = %s AND date >= %s AND date < %s GROUP BY 1) before
                    ON before.product_id = sold.product_id AND before.price > 0
                """,
                last.id,
                self.company_id.id,
                end - timedelta(days=USUAL_DAYS),
                end,
            )
        )
        return min(max(float(factor or 1.0), 0.3), 1.5)

    def _insert_items(self, said, price_factor):
        """Write what is expected of each product, at which price, and what is there to be sold."""
        cr = self.env.cr
        cr.execute(SQL("DELETE FROM scm_event_item WHERE watch_id = %s", self.id))
        cr.execute(
            SQL(
                """
                WITH said AS MATERIALIZED (%(said)s),
                usual AS MATERIALIZED (
                    SELECT warehouse_id, product_id, sum(quantity) AS units, sum(revenue) AS money
                      FROM scm_event_sale GROUP BY 1, 2),
                stock AS MATERIALIZED (%(stock)s),
                item AS (SELECT warehouse_id, product_id FROM said WHERE quantity > 0
                          UNION SELECT warehouse_id, product_id FROM usual
                          UNION SELECT warehouse_id, product_id FROM stock WHERE available <> 0)
                INSERT INTO scm_event_item (company_id, watch_id, warehouse_id, product_id, quantity, price, available)
                SELECT %(company)s, %(watch)s, item.warehouse_id, item.product_id,
                       GREATEST(COALESCE(said.quantity, 0), 0),
                       GREATEST(COALESCE(usual.money / NULLIF(usual.units, 0), template.list_price, 0), 0) * %(factor)s,
                       COALESCE(stock.available, 0)
                  FROM item
                  JOIN product_product product ON product.id = item.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
             LEFT JOIN said USING (warehouse_id, product_id)
             LEFT JOIN usual USING (warehouse_id, product_id)
             LEFT JOIN stock USING (warehouse_id, product_id)
                 WHERE template.type = 'consu' AND %(scope)s
                """,
                said=said,
                stock=self._available_query(),
                company=self.company_id.id,
                watch=self.id,
                factor=price_factor,
                scope=self._scope(SQL("item.product_id"), SQL("item.warehouse_id")),
            )
        )
        self.env["scm.event.item"].invalidate_model()
