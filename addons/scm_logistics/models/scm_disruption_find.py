from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_name, zone_sql

from ..kernel.disruption import is_met, new_day
from ..kernel.zones import plain_zip


class ScmDisruption(models.Model):
    """Which parcels and open deliveries a disruption meets, and their new days: two queries, then the kernel."""

    _inherit = "scm.disruption"

    def _find(self):
        """Rows of ``scm.disruption.impact`` for everything that this disruption meets."""
        self.ensure_one()
        rows = [row for row in self._parcel_rows() + self._delivery_rows() if self._meets(row)]
        if not rows:
            return []
        days = self._carrier_calendar(rows)
        return [self._impact_row(row, days) for row in rows]

    def _is_at_destination(self):
        return bool(self.country_ids or self.state_ids or self._prefixes())

    def _meets(self, row):
        return is_met(row["base"], row["shipped"], self.date_from, self.date_to, self._is_at_destination())

    def _carrier_calendar(self, rows):
        first = min(min(row["base"] for row in rows), local_today(self.company_id)) - timedelta(days=2)
        last = max(row["base"] for row in rows) + timedelta(days=400 + 2 * self.extra_days)
        carriers = self.env["delivery.carrier"].browse({row["carrier_id"] for row in rows} - {None})
        return carriers._scm_calendar(self.company_id, carriers, first, last)

    def _impact_row(self, row, days):
        others = [extra for extra in row["other_extras"] or [] if extra is not None]

        def after(day, count):
            return days.after(row["carrier_id"], day, count)

        day = new_day(row["base"], [self.extra_days, *others], after)
        return {
            "parcel_id": row["parcel_id"],
            "picking_id": row["picking_id"],
            "partner_id": row["partner_id"],
            "carrier_id": row["carrier_id"],
            "warehouse_id": row["warehouse_id"],
            "value": float(row["value"] or 0.0),
            "date_before": row["base"],
            "date_after": day,
            "days": (day - row["base"]).days,
            "why": self._impact_why(row, others, day),
            "expected": row["expected"],
        }

    def _impact_why(self, row, others, day):
        terms = [
            {"code": "disruption_before", "value": row["base"].isoformat()},
            {"code": "disruption_extra", "value": self.extra_days, "unit": "days"},
            {"code": "disruption_after", "value": day.isoformat()},
        ]
        notes = ["disruption_note_there" if self._is_at_destination() else "disruption_note_way"]
        if others:
            terms.insert(2, {"code": "disruption_others", "value": max(others), "unit": "days"})
            notes.append("disruption_note_others")
        return {
            "value": (day - row["base"]).days,
            "unit": "days",
            "method": "disruption_method",
            "formula": "disruption_formula",
            "terms": terms,
            "notes": notes,
        }

    # Read

    def _parcel_rows(self):
        self.env["scm.parcel"].flush_model()
        self.env["scm.disruption.impact"].flush_model()
        today = local_today(self.company_id)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT parcel.id AS parcel_id, NULL::int AS picking_id, parcel.partner_id, parcel.carrier_id,
                       parcel.warehouse_id, parcel.value, parcel.date_expected AS expected,
                       COALESCE(held.date_before,
                                GREATEST(COALESCE(parcel.date_expected, parcel.date_promised), %(today)s)) AS base,
                       COALESCE(%(handed)s, %(today)s) AS shipped, held.extras AS other_extras
                  FROM scm_parcel parcel
             LEFT JOIN LATERAL (%(held)s) held ON TRUE
                 WHERE parcel.company_id = %(company)s AND parcel.direction = 'out' AND parcel.is_final IS NOT TRUE
                   AND COALESCE(parcel.date_expected, parcel.date_promised) IS NOT NULL AND %(area)s
                """,
                today=today,
                handed=local_day_sql(SQL("parcel.date_handed"), SQL("%s", zone_name(self.company_id))),
                held=self._held_sql("parcel_id", "parcel"),
                company=self.company_id.id,
                area=self._area_sql("parcel", "parcel"),
            )
        )

    def _delivery_rows(self):
        """Outgoing transfers that are not done; what is promised with the order stands for their day."""
        self.env["stock.picking"].flush_model()
        self.env["stock.move"].flush_model()
        self.env["sale.order"].flush_model()
        own = self.env["sale.order"]._fields.get("scm_promise_date")
        promise = SQL("sale.scm_promise_date") if own and own.store else SQL("NULL::date")
        zone = zone_sql("company_partner", "warehouse_partner")
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT NULL::int AS parcel_id, picking.id AS picking_id, picking.partner_id, picking.carrier_id,
                       kind.warehouse_id, goods.value, picking.scm_date_expected AS expected,
                       COALESCE(held.date_before, GREATEST(COALESCE(picking.scm_date_expected, %(committed)s,
                                %(promise)s, %(deadline)s, %(scheduled)s), %(today)s)) AS base,
                       GREATEST(%(scheduled)s, %(today)s) AS shipped, held.extras AS other_extras
                  FROM stock_picking picking
                  JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
                  JOIN res_partner partner ON partner.id = picking.partner_id
                  JOIN res_company company ON company.id = picking.company_id
                  JOIN res_partner company_partner ON company_partner.id = company.partner_id
             LEFT JOIN stock_warehouse warehouse ON warehouse.id = kind.warehouse_id
             LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
             LEFT JOIN sale_order sale ON sale.id = picking.sale_id
             LEFT JOIN LATERAL (
                       SELECT sum(line.price_subtotal * move.product_uom_qty / NULLIF(line.product_uom_qty, 0)
                                  / COALESCE(NULLIF(sale.currency_rate, 0), 1)) AS value
                         FROM stock_move move JOIN sale_order_line line ON line.id = move.sale_line_id
                        WHERE move.picking_id = picking.id AND move.state NOT IN ('done', 'cancel')) goods ON TRUE
             LEFT JOIN LATERAL (%(held)s) held ON TRUE
                 WHERE picking.company_id = %(company)s AND picking.state IN ('waiting', 'confirmed', 'assigned')
                   AND %(area)s
                """,
                committed=local_day_sql(SQL("sale.commitment_date"), zone),
                promise=promise,
                deadline=local_day_sql(SQL("picking.date_deadline"), zone),
                scheduled=local_day_sql(SQL("picking.scheduled_date"), zone),
                today=local_today(self.company_id),
                held=self._held_sql("picking_id", "picking"),
                company=self.company_id.id,
                area=self._area_sql("picking", "partner", warehouse=SQL("kind.warehouse_id")),
            )
        )

    def _held_sql(self, column, alias):
        """Day before any active disruption moved it, and the delays of the others."""
        return SQL(
            """SELECT min(impact.date_before) AS date_before,
                      array_agg(other.extra_days) FILTER (WHERE other.id <> %s) AS extras
                 FROM scm_disruption_impact impact
                 JOIN scm_disruption other ON other.id = impact.disruption_id AND other.state = 'active'
                WHERE impact.state = 'applied' AND impact.%s = %s""",
            self.id,
            SQL.identifier(column),
            SQL.identifier(alias, "id"),
        )

    def _area_sql(self, alias, address, warehouse=None):
        """Where it is: (one of the countries, states or zip codes) and one of the carriers and of the warehouses."""
        places = []
        if self.country_ids:
            places.append(SQL("%s = ANY(%s)", SQL.identifier(address, "country_id"), self.country_ids.ids))
        if self.state_ids:
            places.append(SQL("%s = ANY(%s)", SQL.identifier(address, "state_id"), self.state_ids.ids))
        if prefixes := [plain_zip(prefix) for prefix in self._prefixes()]:
            # the same letters and digits as kernel.zones.plain_zip keeps
            code = SQL(
                "upper(regexp_replace(COALESCE(%s, ''), '[^[:alnum:]]', '', 'g'))", SQL.identifier(address, "zip")
            )
            places.append(SQL("%s LIKE ANY(%s)", code, [f"{prefix}%" for prefix in prefixes]))
        parts = [SQL("(%s)", SQL(" OR ").join(places))] if places else []
        if self.carrier_ids:
            parts.append(SQL("%s = ANY(%s)", SQL.identifier(alias, "carrier_id"), self.carrier_ids.ids))
        if self.warehouse_ids:
            column = warehouse or SQL.identifier(alias, "warehouse_id")
            parts.append(SQL("%s = ANY(%s)", column, self.warehouse_ids.ids))
        return SQL(" AND ").join(parts) if parts else SQL("FALSE")

    # Write

    @api.model
    def _insert_impacts(self, disruption, rows, state):
        """Store rows in one statement; a row that is there gets its new days."""
        if not rows:
            return
        now, json = fields.Datetime.now(), fields.Json()
        kinds = {
            "parcel_id": "int4",
            "picking_id": "int4",
            "partner_id": "int4",
            "carrier_id": "int4",
            "warehouse_id": "int4",
            "value": "numeric",
            "date_before": "date",
            "date_after": "date",
            "days": "int4",
            "why": "jsonb",
        }
        for column in ("parcel_id", "picking_id"):
            mine = [row for row in rows if row[column]]
            values = {name: [row[name] for row in mine] for name in kinds}
            values["why"] = [json.convert_to_column(row["why"], self) for row in mine]
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO scm_disruption_impact (%(names)s, disruption_id, company_id, state,
                                                       create_uid, create_date, write_uid, write_date)
                    SELECT new.*, %(disruption)s, %(company)s, %(state)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM unnest(%(values)s) AS new
                        ON CONFLICT (disruption_id, %(column)s) WHERE %(column)s IS NOT NULL
                        DO UPDATE SET date_after = EXCLUDED.date_after, days = EXCLUDED.days, why = EXCLUDED.why,
                                      state = EXCLUDED.state, write_date = EXCLUDED.write_date
                    """,
                    names=SQL(", ").join(SQL.identifier(name) for name in kinds),
                    disruption=disruption.id,
                    company=disruption.company_id.id,
                    state=state,
                    uid=self.env.uid,
                    now=now,
                    values=SQL(", ").join(SQL("%s::" + kinds[name] + "[]", values[name]) for name in kinds),
                    column=SQL.identifier(column),
                )
            )
        self.env["scm.disruption.impact"].invalidate_model()
        disruption.invalidate_recordset()
