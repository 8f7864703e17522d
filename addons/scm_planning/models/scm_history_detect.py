"""Finds the weeks that do not belong to a history and asks Odoo what explains them; a fixed number of queries."""

from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from ..kernel import outliers as kernel

PRICE_DAYS = 56
# A peak that the forecast cuts is listed from this share of the week, and this many units, on
LEAST_CUT, LEAST_CUT_UNITS = 0.4, 5.0
COLUMNS = (
    "company_id", "warehouse_id", "product_id", "date", "quantity_raw", "quantity_expected", "quantity_cleaned",
    "score", "reason", "share_explained", "partner_id", "order_id", "partner_quantity", "event_id", "price_ratio",
    "origin", "state",
)  # fmt: skip
#: what a person's decision keeps when the week is found again
DECIDED = ("state", "quantity_cleaned")


class ScmHistoryCorrection(models.Model):
    _inherit = "scm.history.correction"

    @api.model
    def _detect(self, company, keys, panel):
        """List the outliers of a weekly panel, in place of those that nobody decided on; returns their number.

        The panel holds what was sold, without any correction.
        """
        found, expected = kernel.detect(panel.quantity, panel.group, panel.in_stock)
        known = self._explained(company, keys, panel, found, expected)
        rows = self._prepare_rows(company, keys, panel, found, known, "detected")
        self._store(company, rows, ("detected", "engine"))
        return len(rows)

    @api.model
    def _keep_spikes(self, company, keys, panel, spikes):
        """List also what the forecast cut by itself beyond the weeks that are listed already."""
        listed = self._listed(company)
        series, period = spikes.series.astype(int), spikes.period.astype(int)
        # what was sold: the forecast cuts demand that lost sales are added to
        sold = panel.quantity[series, period].astype(float)
        large = np.flatnonzero(sold - spikes.after >= np.maximum(LEAST_CUT * sold, LEAST_CUT_UNITS))
        rows = np.array(
            [row for row in large if (*keys[series[row]], panel.period_start(period[row])) not in listed], dtype=int
        )
        found = kernel.Outliers(
            series[rows], period[rows], sold[rows], spikes.after[rows].astype(float), np.zeros(len(rows))
        )
        usual = np.full((1, 1), np.nan)
        known = self._explained(company, keys, panel, found, usual)
        self._store(company, self._prepare_rows(company, keys, panel, found, known, "engine"), ())

    @api.model
    def _listed(self, company):
        self.flush_model()
        rows = self.env.execute_query(
            SQL("SELECT product_id, warehouse_id, date FROM scm_history_correction WHERE company_id = %s", company.id)
        )
        return set(rows)

    # Evidence

    @api.model
    def _explained(self, company, keys, panel, found, expected):
        """Dict of columns (k,): reason and share, and what they rest on."""
        count = len(found)
        weeks = self._weeks(keys, panel, found)
        customer = self._read_customers(weeks)
        price = self._read_prices(weeks)
        lifts, events = {}, {}
        for kinds, name in ((("feast", "festival"), "event"), (("promotion",), "promotion")):
            touched, lift, event_id = self._read_events(company, keys, panel, found, expected, kinds)
            lifts[name], lifts[f"{name}_lift"], events[name] = touched, lift, event_id
        in_stock = panel.in_stock if panel.in_stock is not None else np.ones_like(panel.quantity)
        at = found.series, found.period
        evidence = kernel.Evidence(
            **lifts,
            customer=np.array([customer.get(number, (0, 0, 0.0))[2] for number in range(count)], dtype=float),
            price_ratio=np.array([price.get(number, np.nan) for number in range(count)], dtype=float),
            in_stock=in_stock[at],
            missed=kernel.missed_before(in_stock, *at),
        )
        reason, share = kernel.explain(found, evidence)
        event_id = np.where(reason == 0, events["event"], np.where(reason == 1, events["promotion"], 0))
        basis = {"event": event_id, "customer": customer, "price": evidence.price_ratio}
        return {"reason": reason, "share": share} | basis

    @api.model
    def _weeks(self, keys, panel, found):
        """Lists for the queries: products, warehouses, first days."""
        pairs = [keys[row] for row in found.series]
        return (
            [product_id for product_id, _place in pairs],
            [warehouse_id for _product, warehouse_id in pairs],
            [panel.period_start(period) for period in found.period],
        )

    @api.model
    def _read_customers(self, weeks):
        """Dict number -> (partner id, order id or None, units): the largest buyer of each week.

        The largest order counts, or all orders of a customer with up to three of them: one with more may be the one
        that stands for every passer-by.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH week AS (
                    SELECT * FROM unnest(%s::int[], %s::int[], %s::date[]) WITH ORDINALITY
                        AS week (product_id, warehouse_id, day, number)
                ), sold AS (
                    SELECT week.number, p.commercial_partner_id AS partner_id, o.id AS order_id,
                           sum(line.quantity)::float8 AS quantity
                      FROM week
                      JOIN scm_demand_line line
                        ON line.warehouse_id = week.warehouse_id AND line.product_id = week.product_id
                       AND line.date BETWEEN week.day AND week.day + 6 AND line.kind = 'sale'
                      JOIN sale_order_line sale ON sale.id = line.source_id
                      JOIN sale_order o ON o.id = sale.order_id
                      JOIN res_partner p ON p.id = o.partner_id
                  GROUP BY week.number, p.commercial_partner_id, o.id
                ), buyer AS (
                    SELECT number, partner_id, order_id, quantity FROM sold
                     UNION ALL
                    SELECT number, partner_id, NULL, sum(quantity) FROM sold GROUP BY number, partner_id
                    HAVING count(*) BETWEEN 2 AND 3
                )
                SELECT DISTINCT ON (number) number - 1, partner_id, order_id, quantity
                  FROM buyer ORDER BY number, quantity DESC, order_id NULLS LAST
                """,
                *weeks,
            )
        )
        return {number: (partner_id, order_id, quantity) for number, partner_id, order_id, quantity in rows}

    @api.model
    def _read_prices(self, weeks):
        """Dict number -> mean price of the week / median price of the eight weeks on either side."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH week AS (
                    SELECT * FROM unnest(%s::int[], %s::int[], %s::date[]) WITH ORDINALITY
                        AS week (product_id, warehouse_id, day, number)
                ), price AS (
                    SELECT week.number, (d.date - week.day + 700) / 7 - 100 AS place,
                           sum(d.revenue)::float8 / sum(d.quantity) AS price
                      FROM week
                      JOIN scm_demand_day d
                        ON d.product_id = week.product_id AND d.warehouse_id = week.warehouse_id
                       AND d.date BETWEEN week.day - %s AND week.day + 6 + %s
                     WHERE d.revenue > 0 AND d.quantity > 0
                  GROUP BY week.number, place
                )
                SELECT own.number - 1, own.price / around.price
                  FROM price own
                  JOIN (SELECT number, percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS price
                          FROM price WHERE place <> 0 GROUP BY number HAVING count(*) >= 3) around USING (number)
                 WHERE own.place = 0 AND around.price > 0
                """,
                *weeks,
                PRICE_DAYS,
                PRICE_DAYS,
            )
        )
        return dict(rows)

    @api.model
    def _read_events(self, company, keys, panel, found, expected, kinds):
        """Whether an event of these kinds touches each outlier, by how much the others rose, and which one it was."""
        touched, lift = np.zeros(len(found), bool), np.full(len(found), np.nan)
        event_id = np.zeros(len(found), int)
        if not len(found):
            return touched, lift, event_id
        last = panel.period_start(panel.n_periods) - timedelta(days=1)
        calendar = self.env["scm.event"]._calendar(company, panel.start, last, keys=keys)
        group = np.unique(panel.group, return_inverse=True)[1].ravel()
        everybody = None
        for event in calendar.events:
            if event.kind not in kinds:
                continue
            rows, mask = self._touched_rows(event, panel, found)
            if not len(rows):
                continue
            if expected.shape != panel.quantity.shape:
                rise = np.full(len(rows), np.nan)
            elif mask is None:
                if everybody is None:
                    everybody = kernel.group_lift(panel.quantity, expected, group, found)
                rise = everybody[rows]
            else:
                rise = kernel.group_lift(panel.quantity, expected, group, found.take(rows), mask)
            better = ~touched[rows] | (np.nan_to_num(rise) > np.nan_to_num(lift[rows]))
            touched[rows] = True
            lift[rows[better]] = rise[better]
            event_id[rows[better]] = self.env["scm.event"]._id_of_kernel_name(event.name)
        return touched, lift, event_id

    @api.model
    def _touched_rows(self, event, panel, found):
        """Outliers in a week that an occurrence touches, lead-in and after-effect included, and the event's scope."""
        inside, mask = np.zeros(len(found), bool), None
        for one in event.occurrences:
            first = (one.start - timedelta(days=event.lead_days) - panel.start).days // 7
            last = (one.end + timedelta(days=event.after_days) - panel.start).days // 7
            here = (found.period >= first) & (found.period <= last)
            if one.series is not None:
                mask = one.series
                here &= one.series[found.series]
            inside |= here
        return np.flatnonzero(inside), mask

    # Write

    @api.model
    def _prepare_rows(self, company, keys, panel, found, known, origin):
        """Tuples in the order of ``COLUMNS``."""
        rows = []
        for number in range(len(found)):
            reason = kernel.REASONS[known["reason"][number]]
            partner_id, order_id, taken = known["customer"].get(number, (None, None, 0.0))
            is_customer = reason == "customer"
            raw, usual = float(found.raw[number]), float(found.expected[number])
            price = float(known["price"][number])
            product_id, warehouse_id = keys[found.series[number]]
            rows.append(
                (
                    company.id, warehouse_id, product_id, panel.period_start(found.period[number]), round(raw, 6),
                    round(usual, 2), self._cleaned(reason, raw, usual), round(float(found.score[number]), 2), reason,
                    round(float(known["share"][number]), 3), partner_id if is_customer else None,
                    order_id if is_customer else None, taken if is_customer else None,
                    int(known["event"][number]) or None, round(price, 3) if price == price else None, origin,
                    self._first_state(reason, raw > usual, origin),
                )
            )  # fmt: skip
        return rows

    @api.model
    def _cleaned(self, reason, raw, usual):
        """What an applied correction makes of the week; what an event explains is no fault of the history."""
        return round(raw, 6) if reason in ("event", "promotion") else round(usual, 2)

    @api.model
    def _first_state(self, reason, is_peak, origin):
        """Until a person decides: peaks without a reason are cut, as the forecast does; what is explained is asked.

        Events and promotions stay: the forecast learns their effect apart from the level. So do weeks without stock: it
        fills what was lost in them.
        """
        if origin == "engine":
            return "applied"
        if reason in ("event", "promotion") or (reason == "stockout" and not is_peak):
            return "kept"
        return "applied" if reason == "unexplained" and is_peak else "proposed"

    @api.model
    def _store(self, company, rows, replaced):
        """Upsert rows by week; of the origins ``replaced`` those that were not found again and not decided on go."""
        cr = self.env.cr
        self.flush_model()
        if replaced:
            cr.execute(
                SQL(
                    """
                    DELETE FROM scm_history_correction old
                     WHERE company_id = %s AND origin IN %s AND user_id IS NULL
                       AND NOT EXISTS (SELECT FROM unnest(%s::int[], %s::int[], %s::date[]) AS new (product, place, day)
                                        WHERE new.product = old.product_id AND new.place = old.warehouse_id
                                          AND new.day = old.date)
                    """,
                    company.id,
                    replaced,
                    [row[2] for row in rows],
                    [row[1] for row in rows],
                    [row[3] for row in rows],
                )
            )
        names = ", ".join(COLUMNS)
        updates = ", ".join(
            f"{name} = CASE WHEN old.user_id IS NULL THEN EXCLUDED.{name} ELSE old.{name} END"
            if name in DECIDED
            else f"{name} = EXCLUDED.{name}"
            for name in COLUMNS
            if name not in ("product_id", "warehouse_id", "date", "origin")
        )
        query = f"""
            INSERT INTO scm_history_correction AS old ({names}) VALUES %s
                ON CONFLICT (product_id, warehouse_id, date) DO UPDATE SET {updates}
        """
        if rows:
            cr.execute_values(query, rows, page_size=1000)
        self.invalidate_model()
