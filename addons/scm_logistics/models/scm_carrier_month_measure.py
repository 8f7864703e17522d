import json
from datetime import timedelta

import numpy as np
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

from ..kernel import carrier_month as kernel

#: months that are measured when a company has none yet
HISTORY_MONTHS = 24
#: months before, against which a trend is judged
TREND_MONTHS = 3

_FIGURES = {
    "parcels": "int4", "due": "int4", "on_time": "int4", "late_ours": "int4", "on_time_rate": "float8",
    "on_time_low": "float8", "on_time_high": "float8", "damaged": "int4", "damaged_rate": "float8",
    "damaged_high": "float8", "lost": "int4", "lost_rate": "float8", "lost_high": "float8",
    "first_scan_hours": "float8", "first_scan_p90": "float8", "scanned": "int4", "weight": "float8",
    "cost_expected": "numeric", "cost_invoiced": "numeric", "cost": "numeric", "difference": "numeric",
    "cost_parcel": "numeric",
    "cost_kg": "numeric", "claims_made": "numeric", "claims_paid": "numeric", "trend": "text", "why": "jsonb",
    "is_frozen": "bool", "date_measured": "timestamp",
}  # fmt: skip


class ScmCarrierMonth(models.Model):
    """How months are measured: two aggregates in SQL, intervals in the kernel, one statement to write."""

    _inherit = "scm.carrier.month"

    @api.model
    def _open_months(self, company):
        """First days of the months that are not frozen yet, the present one included."""
        this = local_today(company).replace(day=1)
        frozen = self.search([("company_id", "=", company.id), ("is_frozen", "=", True)], order="month DESC", limit=1)
        first = frozen.month + relativedelta(months=1) if frozen else this - relativedelta(months=HISTORY_MONTHS)
        count = max((this.year - first.year) * 12 + this.month - first.month + 1, 1)
        return [this - relativedelta(months=back) for back in reversed(range(count))]

    @api.model
    def _measure(self, company, months, carriers=None, again=False):
        """Measure these months; frozen ones stay as they are unless they are to be measured ``again``.

        :return: number of rows written
        """
        self.env.flush_all()
        rows = self._figures(company, months)
        if carriers is not None:
            rows = [row for row in rows if row["carrier_id"] in carriers.ids]
        if not rows:
            return 0
        self._add_rates(company, rows)
        self._add_trend(company, rows)
        today, now = local_today(company), fields.Datetime.now()
        for row in rows:
            end = row["month"] + relativedelta(months=1) - timedelta(days=1)
            row["is_frozen"] = today > end + timedelta(days=company.scm_carrier_freeze_days)
            row["date_measured"] = now
        self._store(company, rows, again)
        return len(rows)

    # Figures

    @api.model
    def _figures(self, company, months):
        """One dict per carrier and month, of parcels and of claims."""
        found = {(row["carrier_id"], row["month"]): row for row in self._parcel_figures(company, months)}
        for carrier_id, month, made, paid in self._claim_figures(company, months):
            empty = dict.fromkeys((*_PARCEL_FIGURES, "first_scan_hours", "first_scan_p90"), 0)
            row = found.setdefault((carrier_id, month), {"carrier_id": carrier_id, "month": month, **empty})
            row |= {"claims_made": made, "claims_paid": paid}
        return [{"claims_made": 0.0, "claims_paid": 0.0, **row} for row in found.values()]

    @api.model
    def _parcel_figures(self, company, months):
        zone = zone_sql("cp", "wp")
        return self.env.execute_query_dict(
            SQL(
                """
                WITH day AS (
                     SELECT p.carrier_id, p.date_promised, p.status, p.is_damaged, p.is_lost, p.weight, p.date_handed,
                            p.date_first_scan, p.cost_expected, p.cost_invoiced, b.difference,
                            %(handed)s AS handed, %(delivered)s AS delivered
                       FROM scm_parcel p
                       JOIN res_company c ON c.id = p.company_id JOIN res_partner cp ON cp.id = c.partner_id
                       LEFT JOIN stock_warehouse w ON w.id = p.warehouse_id
                       LEFT JOIN res_partner wp ON wp.id = w.partner_id
                       LEFT JOIN LATERAL (
                            SELECT sum(l.difference) AS difference
                              FROM scm_freight_invoice_line l JOIN scm_freight_invoice i ON i.id = l.invoice_id
                             WHERE l.parcel_id = p.id AND i.state IN ('checked', 'approved')) b ON TRUE
                      WHERE p.company_id = %(company)s AND p.direction = 'out' AND p.carrier_id IS NOT NULL
                        AND p.date_handed IS NOT NULL
                        AND (p.date_promised BETWEEN %(first)s AND %(last)s
                             OR p.date_promised IS NULL
                                AND p.date_handed BETWEEN %(first)s::date - 1 AND %(last)s::date + 2)),
                fact AS (
                     SELECT day.*, date_trunc('month', COALESCE(date_promised, handed))::date AS month,
                            date_promised IS NOT NULL AND handed > date_promised AS is_ours,
                            date_promised IS NOT NULL AND handed <= date_promised AND status != 'returned'
                                AND (delivered IS NOT NULL OR date_promised < %(today)s) AS is_due,
                            delivered <= date_promised AS is_on_time,
                            EXTRACT(EPOCH FROM date_first_scan - date_handed) / 3600 AS hours
                       FROM day)
                SELECT carrier_id, month, count(*) AS parcels, count(*) FILTER (WHERE is_due) AS due,
                       count(*) FILTER (WHERE is_due AND is_on_time) AS on_time,
                       count(*) FILTER (WHERE is_ours) AS late_ours,
                       count(*) FILTER (WHERE is_damaged) AS damaged, count(*) FILTER (WHERE is_lost) AS lost,
                       count(hours) AS scanned,
                       COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY GREATEST(hours, 0))
                                FILTER (WHERE hours IS NOT NULL), 0)::float AS first_scan_hours,
                       COALESCE(percentile_cont(0.9) WITHIN GROUP (ORDER BY GREATEST(hours, 0))
                                FILTER (WHERE hours IS NOT NULL), 0)::float AS first_scan_p90,
                       COALESCE(sum(weight), 0)::float AS weight,
                       COALESCE(sum(cost_expected), 0)::float AS cost_expected,
                       COALESCE(sum(cost_invoiced), 0)::float AS cost_invoiced,
                       COALESCE(sum(COALESCE(NULLIF(cost_invoiced, 0), cost_expected)), 0)::float AS cost,
                       COALESCE(sum(difference), 0)::float AS difference
                  FROM fact WHERE month = ANY(%(months)s)
                 GROUP BY carrier_id, month ORDER BY carrier_id, month
                """,
                handed=local_day_sql(SQL("p.date_handed"), zone),
                delivered=local_day_sql(SQL("p.date_delivered"), zone),
                company=company.id,
                first=min(months),
                last=max(months) + relativedelta(months=1) - timedelta(days=1),
                today=local_today(company),
                months=list(months),
            )
        )

    @api.model
    def _claim_figures(self, company, months):
        return self.env.execute_query(
            SQL(
                """
                SELECT carrier_id, month, sum(made)::float, sum(paid)::float
                  FROM (SELECT carrier_id, date_trunc('month', date_sent)::date AS month, amount AS made, 0 AS paid
                          FROM scm_freight_claim WHERE company_id = %(company)s AND date_sent IS NOT NULL
                         UNION ALL
                        SELECT carrier_id, date_trunc('month', date_closed)::date, 0, amount_paid
                          FROM scm_freight_claim WHERE company_id = %(company)s AND state = 'paid') s
                 WHERE month = ANY(%(months)s) GROUP BY carrier_id, month ORDER BY carrier_id, month
                """,
                company=company.id,
                months=list(months),
            )
        )

    @api.model
    def _add_rates(self, company, rows):
        column = {name: np.array([row[name] for row in rows], float) for name in ("due", "parcels", "weight", "cost")}
        for name, total in (("on_time", "due"), ("damaged", "parcels"), ("lost", "parcels")):
            rate, low, high = kernel.wilson([row[name] for row in rows], column[total])
            for row, value, least, most in zip(rows, rate.tolist(), low.tolist(), high.tolist(), strict=True):
                known = row[total] > 0
                row[f"{name}_rate"], row[f"{name}_high"] = (value, most) if known else (0.0, 0.0)
                if name == "on_time":
                    row["on_time_low"] = least if known else 0.0
        money = company.currency_id.round
        for row in rows:
            row["cost_parcel"] = money(row["cost"] / row["parcels"]) if row["parcels"] else 0.0
            row["cost_kg"] = money(row["cost"] / row["weight"]) if row["weight"] else 0.0

    @api.model
    def _add_trend(self, company, rows):
        """Against the three months before, measured now or stored."""
        first = min(row["month"] for row in rows) - relativedelta(months=TREND_MONTHS)
        stored = self.search_fetch(
            [("company_id", "=", company.id), ("month", ">=", first)], ["carrier_id", "month", "on_time", "due"]
        )
        series = {(one.carrier_id.id, one.month): (one.on_time, one.due) for one in stored}
        series |= {(row["carrier_id"], row["month"]): (row["on_time"], row["due"]) for row in rows}
        hits, total = np.zeros(len(rows)), np.zeros(len(rows))
        for number, row in enumerate(rows):
            for back in range(1, TREND_MONTHS + 1):
                key = (row["carrier_id"], row["month"] - relativedelta(months=back))
                on_time, due = series.get(key, (0, 0))
                hits[number] += on_time
                total[number] += due
        moved = kernel.change([row["on_time"] for row in rows], [row["due"] for row in rows], hits, total)
        for number, row in enumerate(rows):
            row["trend"] = {1: "up", 0: "flat", -1: "down"}[int(moved.trend[number])]
            row["why"] = self._why_month(row, int(hits[number]), int(total[number]), moved, number)

    @api.model
    def _why_month(self, row, hits, total, moved, number):
        terms = [
            {"code": "carrier_on_time", "value": row["on_time"]},
            {"code": "carrier_due", "value": row["due"]},
            {"code": "carrier_late_ours", "value": row["late_ours"]},
            {"code": "carrier_low", "value": row["on_time_low"], "unit": "percent"},
            {"code": "carrier_high", "value": row["on_time_high"], "unit": "percent"},
        ]
        if total and row["due"]:
            terms += [
                {"code": "carrier_before", "value": hits / total, "unit": "percent"},
                {"code": "carrier_change", "value": float(moved.change[number]), "unit": "percent"},
                {"code": "carrier_change_low", "value": float(moved.low[number]), "unit": "percent"},
                {"code": "carrier_change_high", "value": float(moved.high[number]), "unit": "percent"},
            ]
        end = row["month"] + relativedelta(months=1) - timedelta(days=1)
        return {
            "value": row["on_time_rate"],
            "unit": "percent",
            "method": "carrier_month",
            "formula": "carrier_month_formula",
            "sample": row["due"],
            "window": {"from": row["month"].isoformat(), "to": end.isoformat()},
            "terms": terms,
            "notes": ["small_sample"] if row["due"] < 30 else [],
        }

    @api.model
    def _store(self, company, rows, again):
        columns = SQL(", ").join(SQL.identifier(name) for name in _FIGURES)
        types = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in _FIGURES.items())
        update = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in _FIGURES
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO scm_carrier_month AS m (company_id, carrier_id, month, %(columns)s, create_uid, create_date,
                                                    write_uid, write_date)
                SELECT %(company)s, r.carrier_id, r.month, %(values)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(carrier_id int4, month date, %(types)s)
                    ON CONFLICT (company_id, carrier_id, month)
                       DO UPDATE SET %(update)s, write_date = EXCLUDED.write_date
                 WHERE m.is_frozen IS NOT TRUE OR %(again)s
                """,
                columns=columns,
                values=SQL(", ").join(SQL.identifier("r", name) for name in _FIGURES),
                company=company.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                rows=json.dumps(rows, default=str),
                types=types,
                update=update,
                again=again,
            )
        )
        self.invalidate_model()


_PARCEL_FIGURES = (
    "parcels", "due", "on_time", "late_ours", "damaged", "lost", "scanned", "weight", "cost_expected",
    "cost_invoiced", "cost", "difference",
)  # fmt: skip
