from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel import overrides as kernel

SHARE_WEEKS = 52
SAMPLE = 12


class ScmForecastOverride(models.Model):
    """Overrides meet a forecast: scopes and forecasts are read at once, spread in the kernel, written at once."""

    _inherit = "scm.forecast.override"

    # ----------------------------------------------------------------- entries

    @api.model
    def _apply_run(self, run):
        """Apply all active overrides of the run's company to its forecast, in place of what was applied before.

        :return: dict as of :meth:`_compute`, empty when there is none
        """
        self.env.flush_all()
        self._claim(run)
        self._expire(run)
        active = self.search([("company_id", "=", run.company_id.id), ("state", "=", "active")])
        found = self._compute(run, active) if active else {}
        self._write_cells(run, found)
        if found:
            self._write_figures(found)
        self.env["scm.forecast"].invalidate_model()
        self.env["scm.forecast.line"].invalidate_model()
        self.env["scm.forecast.node"]._renew_changes(run)
        return found

    @api.model
    def _claim(self, run):
        """Let no two apply overrides to one run at once.

        The second waits for the first, and as the row was written its transaction is begun anew: then it reads what the
        first has made. A mere lock would let it go on with what it had read before.
        """
        self.env.cr.execute(SQL("UPDATE scm_forecast_run SET write_date = write_date WHERE id = %s", run.id))

    def _try_run(self, run):
        """What the run would look like with this draft beside the active ones; nothing is written."""
        self.env.flush_all()
        active = self.search([("company_id", "=", run.company_id.id), ("state", "=", "active")])
        return self._compute(run, [*active, self])

    @api.model
    def _expire(self, run):
        """End what is past its day or whose weeks are over, and say so."""
        today = self.env["scm.demand.day"]._scm_company_today(run.company_id)
        domain = [("company_id", "=", run.company_id.id), ("state", "=", "active")]
        over = self.search([*domain, ("date_to", "<", run.date_from)])
        over.write({"state": "expired", "state_reason": self.env._("Its weeks are over")})
        late = self.search([*domain, ("date_expire", "<", today)])
        late.write({"state": "expired", "state_reason": self.env._("Past the day until which it was to be applied")})

    # ----------------------------------------------------------------- compute

    @api.model
    def _compute(self, run, records):
        """Spread overrides.

        :param records: overrides, also one that is not stored yet
        :return: dict ``applied`` (kernel.Applied), ``items`` (rows of :meth:`_read_items`), ``weeks`` (list of dates),
            ``base`` (n, p), ``hand`` (n, p) quantities typed by hand or NaN, ``keys`` {record key: (record, rows)}
        """
        weeks = self._weeks_of(run, records)
        depth = self.env["scm.forecast.node"]._lineage()
        items = self._read_items(run, records)
        column = {week: number for number, week in enumerate(weeks)}
        vendors = self._read_vendors(run.company_id, records)
        shares = self._read_shares(run, records, items)
        scopes = self._prepare_scopes(items, depth, vendors)
        rows, keys = [], {}
        for one in sorted(records, key=lambda one: self._turn(one, depth)):
            member, share = self._members(one, scopes, shares)
            periods = np.array([column[week] for week in self._own_weeks(run, one)], dtype=int)
            key = one.id or 0
            rows.append(kernel.Override(key, member, periods, one.mode, one.value, share))
            keys[key] = (one, member)
        base, hand = self._read_base(run, items, weeks)
        whole = np.array([item["whole"] for item in items], dtype=bool)
        recent = np.array([item["recent"] for item in items], dtype=float)
        return {
            "applied": kernel.apply(base, rows, recent, whole),
            "items": items,
            "weeks": weeks,
            "base": base,
            "hand": hand,
            "keys": keys,
        }

    @api.model
    def _turn(self, one, lineage):
        depth = len(lineage.get(one.categ_id.id, [])) if one.level == "category" else 0
        narrow = one.level != "warehouse" and bool(one.warehouse_id)
        return (*kernel.rank(one.level, depth, narrow), one.id or 1 << 60)

    @api.model
    def _own_weeks(self, run, one):
        """The weeks of an override that the run forecasts."""
        last = run.date_from + timedelta(weeks=run.horizon - 1)
        first = max(one.date_from, run.date_from)
        count = (min(one.date_to, last) - first).days // 7 + 1
        return [first + timedelta(weeks=number) for number in range(max(count, 0))]

    @api.model
    def _weeks_of(self, run, records):
        return sorted({week for one in records for week in self._own_weeks(run, one)})

    @api.model
    def _read_items(self, run, records):
        """Forecasts that the overrides may touch, as dicts; only the products' own where no group is among them."""
        products = [one.product_id.id for one in records if one.level == "product"]
        only = SQL("AND f.product_id = ANY(%s)", products) if len(products) == len(records) else SQL()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT f.id, f.product_id, f.warehouse_id, f.categ_id, COALESCE(f.recent_week, 0) AS recent,
                       split_part(u.parent_path, '/', 1)::int = %s AS whole
                  FROM scm_forecast f
                  JOIN product_product p ON p.id = f.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id
                 WHERE f.run_id = %s %s
              ORDER BY f.id
                """,
                self.env.ref("uom.product_uom_unit").id,
                run.id,
                only,
            )
        )

    @api.model
    def _read_vendors(self, company, records):
        """Dict vendor id -> set of product ids whose first vendor he is."""
        if not any(one.level == "vendor" for one in records):
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, vendor.commercial_partner_id
                  FROM product_product p
                  JOIN LATERAL (
                       SELECT s.partner_id FROM product_supplierinfo s
                        WHERE s.product_tmpl_id = p.product_tmpl_id AND (s.product_id IS NULL OR s.product_id = p.id)
                          AND (s.company_id IS NULL OR s.company_id = %s)
                     ORDER BY s.sequence, s.min_qty DESC, s.price, s.id LIMIT 1) seller ON TRUE
                  JOIN res_partner vendor ON vendor.id = seller.partner_id
                """,
                company.id,
            )
        )
        found = {}
        for product_id, vendor_id in rows:
            found.setdefault(vendor_id, set()).add(product_id)
        return found

    @api.model
    def _read_shares(self, run, records, items):
        """Dict (country or None, state or None) -> share of each item's demand that went there in the last year."""
        scopes = {
            (one.country_id.id or None, one.state_id.id or None) for one in records if one.level in ("country", "state")
        }
        if not scopes:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.product_id, line.warehouse_id, partner.country_id, partner.state_id,
                       sum(line.quantity)::float8
                  FROM scm_demand_line line
                  JOIN sale_order_line sold ON sold.id = line.source_id
                  JOIN sale_order sale ON sale.id = sold.order_id
             LEFT JOIN res_partner partner ON partner.id = sale.partner_shipping_id
                 WHERE line.kind = 'sale' AND line.company_id = %s AND line.date >= %s AND line.date < %s
              GROUP BY 1, 2, 3, 4
                """,
                run.company_id.id,
                run.date_from - timedelta(weeks=SHARE_WEEKS),
                run.date_from,
            )
        )
        place = {(item["product_id"], item["warehouse_id"]): row for row, item in enumerate(items)}
        whole = np.zeros(len(items))
        part = {scope: np.zeros(len(items)) for scope in scopes}
        for product_id, warehouse_id, country, state, quantity in rows:
            row = place.get((product_id, warehouse_id))
            if row is None:
                continue
            whole[row] += quantity
            for scope in ((country, None), (None, state)):
                if scope in part and any(scope):
                    part[scope][row] += quantity
        return {
            scope: np.clip(np.divide(values, whole, out=np.zeros_like(whole), where=whole > 0), 0, 1)
            for scope, values in part.items()
        }

    @api.model
    def _prepare_scopes(self, items, lineage, vendors):
        """Arrays (n,) of what the items belong to, and what lies in each category and with each vendor."""
        below = {}
        for categ_id, above in lineage.items():
            for one in above:
                below.setdefault(one, []).append(categ_id)
        columns = {
            name: np.array([item[name] or 0 for item in items], dtype=np.int64)
            for name in ("product_id", "warehouse_id", "categ_id")
        }
        return columns | {"below": below, "vendors": {one: list(products) for one, products in vendors.items()}}

    @api.model
    def _members(self, one, scopes, shares):
        """Rows that an override covers, and the share of each (None: all of it)."""
        inside = np.ones(len(scopes["product_id"]), dtype=bool)
        if one.warehouse_id:
            inside &= scopes["warehouse_id"] == one.warehouse_id.id
        if one.level == "product":
            inside &= scopes["product_id"] == one.product_id.id
        elif one.level == "category":
            inside &= np.isin(scopes["categ_id"], scopes["below"].get(one.categ_id.id, []))
        elif one.level == "vendor":
            inside &= np.isin(scopes["product_id"], scopes["vendors"].get(one.vendor_id.commercial_partner_id.id, []))
        member = np.flatnonzero(inside)
        if one.level not in ("country", "state"):
            return member, None
        share = shares[one.country_id.id or None, one.state_id.id or None]
        member = member[share[member] > 0]
        return member, share[member]

    @api.model
    def _read_base(self, run, items, weeks):
        """Statistical forecast (n, p) and what was typed by hand, NaN where nothing was."""
        base = np.zeros((len(items), len(weeks)))
        hand = np.full(base.shape, np.nan)
        if not items or not weeks:
            return base, hand
        ids = np.array([item["id"] for item in items])
        self.env.cr.execute(
            """
            SELECT line.forecast_id, line.date - %s, line.quantity,
                   CASE WHEN line.override_id IS NULL THEN line.quantity_override ELSE 'NaN' END
              FROM scm_forecast_line line
             WHERE line.forecast_id = ANY(%s) AND line.date = ANY(%s)
            """,
            [run.date_from, ids.tolist(), weeks],
        )
        found = np.array(self.env.cr.fetchall(), dtype=float).reshape(-1, 4)
        # items come by id and weeks by day, so that both are found by halving
        days = np.array([(week - run.date_from).days for week in weeks])
        cells = np.searchsorted(ids, found[:, 0].astype(np.int64)), np.searchsorted(days, found[:, 1])
        base[cells], hand[cells] = found[:, 2], found[:, 3]
        return base, hand

    # ------------------------------------------------------------------- write

    @api.model
    def _write_cells(self, run, found):
        """Bring the lines of the run to what was computed: clear, change and set only what differs."""
        cells = self._cells(found) if found else []
        self.env.cr.execute(
            "CREATE TEMP TABLE IF NOT EXISTS scm_override_cell (forecast_id int, date date, quantity float8,"
            " override_id int) ON COMMIT DROP"
        )
        self.env.cr.execute("TRUNCATE scm_override_cell")
        if cells:
            self.env.cr.execute_values("INSERT INTO scm_override_cell VALUES %s", cells, page_size=5000)
        self.env.cr.execute("ANALYZE scm_override_cell")
        self._clear_cells(run)
        self._set_cells()
        self._mark_overridden(run)

    @api.model
    def _cells(self, found):
        applied, items, weeks = found["applied"], found["items"], found["weeks"]
        rows, columns = np.nonzero((applied.last > 0) & np.isnan(found["hand"]))
        return [
            (items[row]["id"], weeks[column], quantity, key)
            for row, column, quantity, key in zip(
                rows.tolist(),
                columns.tolist(),
                applied.quantity[rows, columns].tolist(),
                applied.last[rows, columns].tolist(),
                strict=True,
            )
        ]

    @api.model
    def _clear_cells(self, run):
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_forecast_line line
                   SET quantity_override = NULL, override_reason = NULL, override_user_id = NULL, override_date = NULL,
                       override_id = NULL
                  FROM scm_forecast f
                 WHERE f.id = line.forecast_id AND f.run_id = %s AND line.override_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM scm_override_cell cell
                                    WHERE cell.forecast_id = line.forecast_id AND cell.date = line.date)
                """,
                run.id,
            )
        )

    @api.model
    def _set_cells(self):
        self.env.cr.execute(
            """
            UPDATE scm_forecast_line line
               SET quantity_override = cell.quantity, override_id = cell.override_id, override_user_id = o.user_id,
                   override_date = o.create_date,
                   override_reason = concat_ws(': ', COALESCE(r.name->>%s, r.name->>'en_US'), o.note)
              FROM scm_override_cell cell
              JOIN scm_forecast_override o ON o.id = cell.override_id
              JOIN scm_override_reason r ON r.id = o.reason_id
             WHERE line.forecast_id = cell.forecast_id AND line.date = cell.date
               AND (line.quantity_override IS DISTINCT FROM cell.quantity
                    OR line.override_id IS DISTINCT FROM cell.override_id)
            """,
            [self.env.lang or "en_US"],
        )

    @api.model
    def _mark_overridden(self, run):
        self.env.cr.execute(
            SQL(
                """
                WITH touched AS (
                    SELECT DISTINCT f.id FROM scm_forecast f
                      JOIN scm_forecast_line line ON line.forecast_id = f.id AND line.quantity_override IS NOT NULL
                     WHERE f.run_id = %(run)s
                )
                UPDATE scm_forecast f SET overridden = NOT COALESCE(f.overridden, FALSE)
                 WHERE f.run_id = %(run)s
                   AND COALESCE(f.overridden, FALSE) <> (f.id IN (SELECT id FROM touched))
                """,
                run=run.id,
            )
        )

    @api.model
    def _write_figures(self, found):
        """What each override did, on its record."""
        applied = found["applied"]
        rows = []
        for key, (one, member) in found["keys"].items():
            names = [found["keys"][other][0].name for other in sorted(applied.overlaps[key])]
            before, after = float(applied.before[key].sum()), float(applied.after[key].sum())
            rows.append((one.id, len(member), before, after, ", ".join(names[:5]) or None))
        self.env.cr.execute_values(
            "UPDATE scm_forecast_override o SET item_count = v.items, quantity_before = v.before,"
            " quantity_after = v.after, overlap = v.overlap, date_applied = now() AT TIME ZONE 'UTC'"
            " FROM (VALUES %s) v (id, items, before, after, overlap) WHERE o.id = v.id",
            rows,
            template="(%s, %s, %s::float8, %s::float8, %s::varchar)",
        )
        self.invalidate_model(["item_count", "quantity_before", "quantity_after", "overlap", "date_applied"])

    # ------------------------------------------------------------------ answer

    @api.model
    def _prepare_answer(self, one, found):
        """What one override does, for people and integrators."""
        key = one.id or 0
        if not found or key not in found["keys"]:
            note = self.env._("There is no current forecast yet; it will be applied to the next one.")
            return {"items": 0, "weeks": [], "before": 0.0, "after": 0.0, "sample": [], "notes": [note]}
        applied, weeks = found["applied"], found["weeks"]
        before, after = applied.before[key], applied.after[key]
        own = set(self._own_weeks(one._current_run(), one))
        member = found["keys"][key][1]
        return {
            "items": len(member),
            "weeks": [
                {"date": fields.Date.to_string(week), "before": float(before[number]), "after": float(after[number])}
                for number, week in enumerate(weeks)
                if week in own
            ],
            "before": float(before.sum()),
            "after": float(after.sum()),
            "sample": self._prepare_sample(one, found),
            "notes": self._prepare_notes(one, found),
        }

    @api.model
    def _prepare_sample(self, one, found):
        """The items that change most."""
        key = one.id or 0
        member = found["keys"][key][1]
        weeks = set(self._own_weeks(one._current_run(), one))
        columns = [number for number, week in enumerate(found["weeks"]) if week in weeks]
        cells = np.ix_(member, columns)
        typed = found["hand"][cells]
        after = np.where(np.isnan(typed), found["applied"].quantity[cells], typed).sum(axis=1)
        base = found["base"][cells].sum(axis=1)
        order = np.argsort(-np.abs(after - base), kind="stable")[:SAMPLE]
        items = [found["items"][row] for row in member[order]]
        products = self.env["product.product"].browse([item["product_id"] for item in items])
        names = {product.id: product.display_name for product in products}
        stores = {one.id: one.name for one in self.env["stock.warehouse"].browse([i["warehouse_id"] for i in items])}
        return [
            {
                "product_id": item["product_id"],
                "name": names[item["product_id"]],
                "warehouse": stores[item["warehouse_id"]],
                "before": float(base[row]),
                "after": float(after[row]),
            }
            for item, row in zip(items, order.tolist(), strict=True)
        ]

    @api.model
    def _prepare_notes(self, one, found):
        key = one.id or 0
        applied = found["applied"]
        member = found["keys"][key][1]
        notes = []
        if not len(member):
            notes.append(self.env._("No product of the forecast belongs to it, so nothing changes."))
        for other in sorted(applied.overlaps[key]):
            notes.append(
                self.env._(
                    "“%(name)s” covers some of the same weeks and comes first; this one is spread on what it leaves.",
                    name=found["keys"][other][0].name,
                )
            )
        for other, (record, _rows) in found["keys"].items():
            if key in applied.overlaps[other]:
                notes.append(
                    self.env._("“%(name)s” is more specific and changes some of it after this one.", name=record.name)
                )
        typed = int(np.isfinite(found["hand"][member]).sum())
        if typed:
            notes.append(
                self.env._("%(count)s weeks of products were typed by hand; they stay as they are.", count=typed)
            )
        if one.mode == "percent" and len(member) and not applied.before[key].sum():
            notes.append(self.env._("Nothing is forecast there, and a percentage of nothing is nothing. Add units."))
        return notes
