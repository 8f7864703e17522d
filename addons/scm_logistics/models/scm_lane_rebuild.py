import json
import logging
from datetime import timedelta

import numpy as np
import pandas as pd
from odoo import api, models
from odoo.tools import SQL
from psycopg2 import OperationalError

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

from ..kernel.lane import quantile
from ..kernel.lane_table import PARTS, SUMS, build
from ..kernel.working_days import ordinals

_logger = logging.getLogger(__name__)

#: days behind the window that parcels of its first days may need
MARGIN_DAYS = 7
_KEYS = ("carrier_id", "warehouse_id", "zone_id", "band_id")


class ScmLane(models.Model):
    _inherit = "scm.lane"

    @api.model
    def _rebuild(self, company, today=None):
        """Measure all lanes of a company again, from parcels handed over in the company's window; count of lanes.

        Reads the parcels in two aggregate queries, whatever their number, and writes in one.
        """
        today = today or local_today(company)
        first = today - timedelta(days=int(company.scm_lane_months * 30.44))
        self.env["scm.parcel"].flush_model()
        self._load_calendar(company, first - timedelta(days=MARGIN_DAYS), today + timedelta(days=MARGIN_DAYS))
        cells, times = self._read_cells(company, first, today), self._read_times(company, first)
        lanes = build(cells, times)
        rows = self._lane_rows(lanes, first, today) if lanes else []
        self._store(company, rows)
        return len(rows)

    @api.model
    def _cron_rebuild(self):
        """Nightly: each company by itself, so that one that fails does not hold up the others."""
        companies = self.env["res.company"].search([("active", "=", True)])
        remaining = len(companies)
        for company in companies:
            self._rebuild_guarded(company)
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _rebuild_guarded(self, company):
        """Rebuild one company; when that fails, its lanes stay as they were."""
        try:
            with self.env.cr.savepoint():
                self._rebuild(company)
        except OperationalError:
            # a conflict or a lost connection is not the fault of the company: the cron comes back to it
            raise
        except Exception:
            _logger.exception("Lanes of company %s were not measured", company.id)
            self.env.invalidate_all(flush=False)

    @api.model
    def _load_calendar(self, company, first, last):
        """Temporary table: the running number of each day in the working days of each carrier."""
        # sudo: every carrier that ever had a parcel, seen or not by whoever starts the rebuild
        carriers = self.env["delivery.carrier"].sudo().with_context(active_test=False)
        carriers = carriers.search([("company_id", "in", (False, company.id))])
        open_days = carriers._scm_open_days(company, carriers, first, last)
        count = (last - first).days + 1
        self.env.cr.execute("DROP TABLE IF EXISTS scm_lane_day")
        self.env.cr.execute("CREATE TEMPORARY TABLE scm_lane_day (carrier_id int, day date, number int) ON COMMIT DROP")
        if not open_days:
            return
        self.env.cr.execute(
            """INSERT INTO scm_lane_day SELECT carrier, %s::date + day, number
                 FROM unnest(%s::int[], %s::int[], %s::int[]) AS new(carrier, day, number)""",
            [
                first,
                np.repeat(list(open_days), count).tolist(),
                np.tile(np.arange(count), len(open_days)).tolist(),
                np.concatenate([ordinals(days) for days in open_days.values()]).tolist(),
            ],
        )
        self.env.cr.execute("CREATE UNIQUE INDEX ON scm_lane_day (carrier_id, day)")
        self.env.cr.execute("ANALYZE scm_lane_day")

    @api.model
    def _parcels_sql(self, company, first):
        """Outgoing parcels that left the dock in the window, with their local days."""
        zone = zone_sql(warehouse_partner="place")
        return SQL(
            """
            SELECT parcel.carrier_id, COALESCE(parcel.warehouse_id, 0) AS warehouse_id,
                   COALESCE(parcel.zone_id, 0) AS zone_id, COALESCE(parcel.band_id, 0) AS band_id,
                   %(handed)s AS handed_on, %(delivered)s AS delivered_on, parcel.date_promised, parcel.status,
                   parcel.is_lost, parcel.is_damaged, parcel.weight,
                   COALESCE(NULLIF(parcel.cost_invoiced, 0), NULLIF(parcel.cost_expected, 0)) AS cost
              FROM scm_parcel parcel
              JOIN res_company company ON company.id = parcel.company_id
              JOIN res_partner company_partner ON company_partner.id = company.partner_id
              LEFT JOIN stock_warehouse warehouse ON warehouse.id = parcel.warehouse_id
              LEFT JOIN res_partner place ON place.id = warehouse.partner_id
             WHERE parcel.company_id = %(company)s AND parcel.direction = 'out' AND parcel.carrier_id IS NOT NULL
               AND parcel.date_handed >= %(first)s
            """,
            handed=local_day_sql(SQL("parcel.date_handed"), zone),
            delivered=local_day_sql(SQL("parcel.date_delivered"), zone),
            company=company.id,
            first=first,
        )

    @api.model
    def _read_cells(self, company, first, today):
        """Sums of each cell of the finest level."""
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute(
            SQL(
                """
                WITH parcels AS (%(parcels)s), told AS (
                    SELECT *, date_promised IS NOT NULL
                              AND (delivered_on IS NOT NULL OR date_promised < %(today)s) AS is_due FROM parcels)
                SELECT carrier_id, warehouse_id, zone_id, band_id, count(delivered_on), count(*),
                       count(*) FILTER (WHERE is_due),
                       count(*) FILTER (WHERE is_due AND COALESCE(delivered_on, %(today)s) > date_promised),
                       count(*) FILTER (WHERE is_lost), count(*) FILTER (WHERE is_damaged),
                       COALESCE(sum(cost), 0), count(cost),
                       COALESCE(sum(cost) FILTER (WHERE weight > 0), 0),
                       COALESCE(sum(weight) FILTER (WHERE weight > 0 AND cost IS NOT NULL), 0)
                  FROM told GROUP BY 1, 2, 3, 4
                """,
                parcels=self._parcels_sql(company, first),
                today=today,
            )
        )
        frame = pd.DataFrame(self.env.cr.fetchall(), columns=[*PARTS, *SUMS])
        return frame.astype({**dict.fromkeys(PARTS, int), **dict.fromkeys(SUMS, float)})

    @api.model
    def _read_times(self, company, first):
        """Delivered parcels by cell and working days."""
        self.env.cr.execute(
            SQL(
                """
                WITH parcels AS (%s)
                SELECT carrier_id, warehouse_id, zone_id, band_id, GREATEST(arrived.number - departed.number, 0),
                       count(*)
                  FROM parcels
                  JOIN scm_lane_day departed USING (carrier_id)
                  JOIN scm_lane_day arrived USING (carrier_id)
                 WHERE departed.day = handed_on AND arrived.day = delivered_on
                 GROUP BY 1, 2, 3, 4, 5
                """,
                self._parcels_sql(company, first),
            )
        )
        return pd.DataFrame(self.env.cr.fetchall(), columns=[*PARTS, "days", "count"]).astype(int)

    @api.model
    def _lane_rows(self, lanes, first, today):
        """Lanes of the kernel as rows of the table."""
        sums = lanes.sums
        cost = (sums["cost"] / sums["costed"]).where(sums["costed"] > 0, 0.0).tolist()
        per_kg = (sums["cost_weight"] / sums["weight"]).where(sums["weight"] > 0, 0.0).tolist()
        rows = []
        for g, key in enumerate(lanes.keys.tolist()):
            row = {name: value or None for name, value in zip(_KEYS, key, strict=True)}
            row |= {"level": str(lanes.level[g]), "date_from": str(first), "date_to": str(today)}
            row |= {name: int(sums[name].iat[g]) for name in ("sample", "handed", "due")}
            row |= {
                "transit_median": quantile(lanes.counts[g], 0.5),
                "transit_p90": quantile(lanes.counts[g], 0.9),
                "cost_parcel": round(cost[g], 4),
                "cost_kg": round(per_kg[g], 4),
                "transit_pmf": [round(p, 6) for p in _trimmed(lanes.pmf[g])],
            }
            for name, (raw, shrunk, _prior) in lanes.rates.items():
                row[f"{name}_rate"] = float(shrunk[g])
                row[f"{name}_rate_raw"] = 0.0 if np.isnan(raw[g]) else float(raw[g])
            row["why"] = self._why(row, sums.iloc[g], {name: prior[g] for name, (_r, _s, prior) in lanes.rates.items()})
            rows.append(row)
        return rows

    @api.model
    def _why(self, row, sums, prior):
        """Terms of a lane's figures, see ``scm.why``."""
        terms = [
            {"code": "lane_median", "value": row["transit_median"], "unit": "days"},
            {"code": "lane_p90", "value": row["transit_p90"], "unit": "days"},
            {"code": "lane_handed", "value": row["handed"]},
            {"code": "lane_due", "value": row["due"]},
        ]
        for name in ("late", "lost", "damaged"):
            terms.append({"code": f"lane_{name}", "value": int(sums[name])})
            terms.append({"code": f"lane_{name}_raw", "value": row[f"{name}_rate_raw"], "unit": "percent"})
            terms.append({"code": f"lane_{name}_prior", "value": float(prior[name]), "unit": "percent"})
        return {
            "value": row["late_rate"],
            "unit": "percent",
            "method": "lane_measured",
            "formula": "lane_shrink",
            "sample": row["sample"],
            "window": {"from": row["date_from"], "to": row["date_to"]},
            "terms": terms,
            "notes": ["small_sample"] if row["sample"] < 20 else [],
        }

    @api.model
    def _store(self, company, rows):
        """Insert, update and remove, so that lanes keep their ids."""
        columns = {
            **dict.fromkeys(_KEYS, "int"),
            "level": "text",
            **dict.fromkeys(("date_from", "date_to"), "date"),
            **dict.fromkeys(("sample", "handed", "due"), "int"),
            **dict.fromkeys(("transit_median", "transit_p90"), "float8"),
            **{f"{name}_rate{raw}": "float8" for name in ("late", "lost", "damaged") for raw in ("", "_raw")},
            **dict.fromkeys(("cost_parcel", "cost_kg"), "numeric"),
            **dict.fromkeys(("transit_pmf", "why"), "jsonb"),
        }
        names = SQL(", ").join(map(SQL.identifier, columns))
        record = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in columns.items())
        self.env.cr.execute(
            SQL(
                """
                WITH new AS (SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(%(record)s)), kept AS (
                    INSERT INTO scm_lane (company_id, create_uid, write_uid, create_date, write_date, %(names)s)
                    SELECT %(company)s, %(user)s, %(user)s, %(now)s, %(now)s, %(names)s
                      FROM new
                    ON CONFLICT (company_id, COALESCE(carrier_id, 0), COALESCE(warehouse_id, 0), COALESCE(zone_id, 0),
                                 COALESCE(band_id, 0))
                    DO UPDATE SET %(updates)s, write_date = EXCLUDED.write_date
                    RETURNING id)
                DELETE FROM scm_lane WHERE company_id = %(company)s AND id NOT IN (SELECT id FROM kept)
                """,
                rows=json.dumps(rows),
                record=record,
                names=names,
                company=company.id,
                user=self.env.uid,
                now=self.env.cr.now(),
                updates=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns
                ),
            )
        )
        self.env.invalidate_all()


def _trimmed(pmf):
    """A distribution without the zeros at its end."""
    last = np.flatnonzero(pmf > 1e-7)
    return pmf[: last[-1] + 1].tolist() if len(last) else []
