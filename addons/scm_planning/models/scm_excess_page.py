from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

CURVE_WEEKS = 26
TOP = 8


class ScmExcess(models.Model):
    """What the pages show, in one read each."""

    _inherit = "scm.excess"

    @api.model
    @api.readonly
    def get_excess_summary(self):
        """Totals of the ticked companies by step, category, warehouse and age; public, also over RPC.

        :return: ``{'totals', 'kinds', 'categories', 'warehouses', 'ages', 'top', 'currency_id', 'date'}``; money in the
            currency of the company that the user works in, at today's rates
        """
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(
                self.env._("Excess stock is for supply chain users. Ask your administrator for the role.")
            )
        self.env.flush_all()
        companies = self.env.companies.ids
        rates = self.env["scm.overview"]._rates_to_company(companies)
        rate = SQL(", ").join(SQL("(%s, %s::float8)", company, float(value)) for company, value in rates.items())
        return {
            "totals": self._summary_totals(rate),
            "kinds": self._summary_kinds(rate),
            "categories": self._summary_groups(rate, "product_category", "categ_id", "complete_name"),
            "warehouses": self._summary_groups(rate, "stock_warehouse", "warehouse_id", "name"),
            "top": self._summary_top(rate),
            "currency_id": self.env.company.currency_id.id,
        }

    @api.model
    def _summary_query(self, columns, rate, tail):
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT %s FROM scm_excess e JOIN (VALUES %s) AS rate(company_id, factor) USING (company_id) %s
                """,
                columns,
                rate,
                tail,
            )
        )

    @api.model
    def _summary_totals(self, rate):
        money = SQL(", ").join(
            SQL("COALESCE(sum(%s * factor), 0)::float8 AS %s", column, SQL.identifier(name))
            for name, column in {
                "excess_value": SQL("excess_value"),
                "cash_recovered": SQL("cash_recovered"),
                "net_recovered": SQL("net_recovered"),
                "holding_month": SQL("holding_month"),
                "dead_value": SQL("CASE WHEN dead THEN excess_value ELSE 0 END"),
                "age_90": SQL("age_90 * unit_cost"),
                "age_180": SQL("age_180 * unit_cost"),
                "age_365": SQL("age_365 * unit_cost"),
                "age_older": SQL("age_older * unit_cost"),
            }.items()
        )
        columns = SQL(
            """count(*) FILTER (WHERE excess_quantity > 0) AS items, count(*) FILTER (WHERE dead) AS dead_items,
               count(*) FILTER (WHERE state = 'open' AND excess_quantity > 0) AS open_items, %s""",
            money,
        )
        return self._summary_query(columns, rate, SQL("WHERE state <> 'dismissed'"))[0]

    @api.model
    def _summary_kinds(self, rate):
        """Proposed and accepted steps by kind, in the order of the ladder."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT a.kind, count(*) AS steps, count(DISTINCT a.excess_id) AS items,
                       sum(a.cash * factor)::float8 AS cash, sum(a.net * factor)::float8 AS net,
                       sum(a.quantity * e.unit_cost * factor)::float8 AS value,
                       count(*) FILTER (WHERE a.state = 'accepted') AS accepted
                  FROM scm_excess_action a
                  JOIN scm_excess e ON e.id = a.excess_id AND e.state <> 'dismissed'
                  JOIN (VALUES %s) AS rate(company_id, factor) ON rate.company_id = a.company_id
                 WHERE a.state IN ('proposed', 'accepted')
              GROUP BY a.kind
                """,
                rate,
            )
        )
        found = {row["kind"]: row for row in rows}
        labels = self.env["scm.excess.action"]._fields["kind"]._description_selection(self.env)
        return [found[kind] | {"label": label} for kind, label in labels if kind in found]

    @api.model
    def _summary_groups(self, rate, table, column, name):
        rows = self._summary_query(
            SQL(
                """e.%(column)s AS id, count(*) AS items, sum(excess_value * factor)::float8 AS value,
                   sum(cash_recovered * factor)::float8 AS cash""",
                column=SQL.identifier(column),
            ),
            rate,
            SQL(
                """WHERE e.state <> 'dismissed' AND excess_value > 0
                   GROUP BY e.%s ORDER BY 3 DESC, 1 LIMIT %s""",
                SQL.identifier(column),
                TOP,
            ),
        )
        model = self._fields[column].comodel_name
        records = self.env[model].browse([row["id"] for row in rows if row["id"]])
        names = {record.id: record[name] for record in records}
        return [row | {"id": row["id"] or False, "name": names.get(row["id"], self.env._("None"))} for row in rows]

    @api.model
    def _summary_top(self, rate):
        """The items that tie up most cash."""
        found = self.search(
            [("company_id", "in", self.env.companies.ids), ("state", "=", "open"), ("excess_quantity", ">", 0)],
            limit=TOP,
        )
        labels = dict(self._fields["best_kind"]._description_selection(self.env))
        return [
            {
                "id": excess.id,
                "name": excess.display_name,
                "quantity": excess.excess_quantity,
                "unit": excess.uom_id.name or "",
                "value": excess.excess_value,
                "cash": excess.cash_recovered,
                "currency_id": excess.currency_id.id,
                "dead": excess.dead,
                "best": labels.get(excess.best_kind, ""),
            }
            for excess in found
        ]

    @api.readonly
    def get_excess_item(self):
        """The ladder, the age and the stock curve of one row; public, also over RPC.

        :return: ``{'steps': [...], 'age': [...], 'curve': {...}, 'sentence', ...}``
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "id": self.id,
            "state": self.state,
            "unit": self.uom_id.name or "",
            "currency_id": self.currency_id.id,
            "excess": self.excess_quantity,
            "value": self.excess_value,
            "holding_month": self.holding_month,
            "days_to_sell": self.days_to_sell,
            "steps": self._item_steps(),
            "age": self._item_age(),
            "curve": self._item_curve(),
            "can_decide": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    def _item_steps(self):
        labels = dict(self.action_ids._fields["kind"]._description_selection(self.env))
        states = dict(self.action_ids._fields["state"]._description_selection(self.env))
        rank = {"done": 0, "accepted": 1, "proposed": 2, "cancelled": 3}
        left, steps = self.excess_quantity, []
        for step in self.action_ids.sorted(lambda step: (rank[step.state], step.sequence, step.id)):
            counts = step.state in ("accepted", "proposed")
            left -= step.quantity if counts else 0.0
            steps.append(
                {
                    "id": step.id,
                    "kind": step.kind,
                    "label": labels[step.kind],
                    "detail": step._detail(),
                    "quantity": step.quantity,
                    "cash": step.cash,
                    "cost": step.cost,
                    "net": step.net,
                    "days": step.days,
                    "left": max(left, 0.0),
                    "counts": counts,
                    "state": step.state,
                    "state_label": states[step.state],
                    "document": bool(step.res_model and step.res_id),
                    "can_undo": step.state == "accepted" or (step.state == "done" and step._can_undo_done()),
                    "can_write": step.kind in ("cancel", "postpone") and bool(step.purchase_line_id),
                    "why": step.why,
                }
            )
        return steps

    def _item_age(self):
        names = ("age_90", "age_180", "age_365", "age_older")
        labels = self.fields_get(names, ["string"])
        return [{"key": name, "label": labels[name]["string"], "quantity": self[name]} for name in names]

    def _item_curve(self):
        """Stock by week as it will stand, the forecast, and the level above which it is excess."""
        lines = self.env["scm.forecast.line"].search_read(
            [("forecast_id", "=", self.forecast_id.id)], ["date", "quantity"], order="date", limit=CURVE_WEEKS
        )
        coming = self._open_receipts()
        stock, curve = self.on_hand, {"labels": [], "stock": [], "forecast": [], "level": self._level()}
        first = lines[0]["date"] if lines else fields.Date.context_today(self)
        quantities = [line["quantity"] for line in lines] or [0.0] * CURVE_WEEKS
        for number, quantity in enumerate(quantities):
            day = first + timedelta(weeks=number)
            # what is overdue comes in the first week
            since = date.min if number == 0 else day
            stock += sum(units for when, units in coming if since <= when < day + timedelta(weeks=1))
            curve["labels"].append(fields.Date.to_string(day))
            curve["stock"].append(round(stock, 2))
            curve["forecast"].append(round(quantity, 2))
            stock = max(stock - quantity, 0.0)
        return curve

    def _level(self):
        return max(self.on_hand + self.incoming - self.excess_quantity, 0.0)

    def _open_receipts(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.date::date, sum(m.product_qty)::float8
                  FROM stock_move m
                  JOIN stock_location source ON source.id = m.location_id
                  JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                 WHERE m.state IN ('waiting', 'confirmed', 'assigned', 'partially_available') AND m.product_id = %s
                   AND target.warehouse_id = %s AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
              GROUP BY 1 ORDER BY 1
                """,
                self.product_id.id,
                self.warehouse_id.id,
            )
        )
        return [(day, units) for day, units in rows]
