from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

WEEKS = (13, 26, 39, 52)


class ScmSeasonBoard(models.AbstractModel):
    """All that the season board shows, in one read with a fixed number of queries."""

    _name = "scm.season.board"
    _description = "Season Board"

    @api.model
    def get_board(self, company_id=False, categ_id=False, weeks=26):
        """Events, expected demand, purchases and last order days of the coming weeks; public, also over RPC.

        For supply-chain users.

        :param company_id: by default the user's present company
        :param categ_id: only this product category with those below it
        :param weeks: 13, 26, 39 or 52
        :return: dict, see ``docs/integration.md``
        """
        company = self._checked_company(company_id)
        if weeks not in WEEKS:
            raise UserError(self.env._("The board shows 13, 26, 39 or 52 weeks, not %(weeks)s.", weeks=weeks))
        category = self.env["product.category"].browse(categ_id or []).exists()
        if categ_id and not category:
            raise UserError(self.env._("There is no such product category. Choose another one."))
        today = self.env["scm.demand.day"]._scm_company_today(company)
        monday = today - timedelta(days=today.weekday())
        end = monday + timedelta(weeks=weeks) - timedelta(days=1)
        run = self.env["scm.forecast.run"].search(
            [("company_id", "=", company.id), ("current", "=", True), ("freq", "=", "W")], limit=1
        )
        # sudo: role and company are checked above; sums are closed to all users for writing
        self.env["scm.season.week"].sudo()._ensure(company, run)
        return {
            "company": {"id": company.id, "name": company.name, "currency_id": company.currency_id.id},
            "today": fields.Date.to_string(today),
            "date_from": fields.Date.to_string(monday),
            "date_to": fields.Date.to_string(end),
            "category": {"id": category.id or False, "name": category.display_name or ""},
            "categories": self._categories(company),
            "weeks": self._weeks(company, category, run, monday, weeks),
            "forecast": {
                "run_id": run.id or False,
                "name": run.name or "",
                "date_to": fields.Date.to_string(run.date_from + timedelta(weeks=run.horizon)) if run else False,
            },
            "events": self.env["scm.season.event"]._marks(company, category, today, monday, end),
            "orders_by": self.env["scm.season.shutdown"]._orders_by(company, category, today, end),
            "months": self._months(company, category, today, end),
            "plan": self._plan(company),
            "promotions": self.env["scm.event.proposal"].search_count(
                [("company_id", "=", company.id), ("state", "=", "proposed"), ("date_end", ">=", today)]
            ),
        }

    @api.model
    def _checked_company(self, company_id):
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(self.env._("Only supply chain users can see the season. Ask an administrator."))
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.companies:
            raise AccessError(self.env._("This is not one of your companies. Tick it in the company switch first."))
        return company

    @api.model
    def _categories(self, company):
        """Categories with demand, for the filter, with those above them."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT categ_id FROM scm_season_week WHERE company_id = %s", company.id)
        )
        found = self.env["product.category"].search([("id", "parent_of", [row[0] for row in rows if row[0]])])
        return [
            {"id": category.id, "name": category.display_name}
            for category in found.sorted(lambda category: category.display_name or "")
        ]

    @api.model
    def _category_sql(self, category, column):
        """Condition on a category column, those below included; TRUE without a category."""
        if not category:
            return SQL("TRUE")
        return SQL(
            "%s IN (SELECT id FROM product_category WHERE parent_path LIKE %s)",
            column,
            f"{category.parent_path}%",
        )

    @api.model
    def _weeks(self, company, category, run, monday, weeks):
        """Per week: expected and, 52 weeks before it, sold; in units and money."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kind, date, sum(quantity), sum(value)
                  FROM scm_season_week
                 WHERE company_id = %s AND date >= %s AND date < %s AND (kind = 'sold' OR run_id = %s) AND %s
              GROUP BY kind, date
                """,
                company.id,
                monday - timedelta(weeks=52),
                monday + timedelta(weeks=weeks),
                run.id or 0,
                self._category_sql(category, SQL("categ_id")),
            )
        )
        found = {(kind, day): (quantity, value) for kind, day, quantity, value in rows}
        overrides = self._overrides(category, run)
        return [self._week(found, overrides, monday + timedelta(weeks=number), bool(run)) for number in range(weeks)]

    @api.model
    def _week(self, found, overrides, day, forecast):
        expected = found.get(("expected", day))
        before = found.get(("sold", day - timedelta(weeks=52)))
        more = overrides.get(day, (0.0, 0.0))
        return {
            "date": fields.Date.to_string(day),
            "expected": float(expected[0] + more[0]) if expected else False,
            "expected_value": float(expected[1] + more[1]) if expected else False,
            "last_year": float(before[0]) if before else False,
            "last_year_value": float(before[1]) if before else False,
        }

    @api.model
    def _overrides(self, category, run):
        """{week: (units, money)} that overrides add to the sums of the run; few lines, found by their own index."""
        if not run:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.date, sum(line.quantity_override - line.quantity),
                       sum((line.quantity_override - line.quantity) * COALESCE(t.list_price, 0))
                  FROM scm_forecast_line line
                  JOIN scm_forecast f ON f.id = line.forecast_id
                  JOIN product_product p ON p.id = f.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE line.quantity_override IS NOT NULL AND f.run_id = %s AND %s
              GROUP BY line.date
                """,
                run.id,
                self._category_sql(category, SQL("t.categ_id")),
            )
        )
        return {day: (float(quantity), float(value)) for day, quantity, value in rows}

    # --------------------------------------------------------------- purchase

    @api.model
    def _months(self, company, category, today, end):
        """Per month: ordered, planned and budget in company currency; False: there is none."""
        first = today.replace(day=1)
        planned = self._planned_by_month(company, category, first, end)
        ordered = self._ordered_by_month(company, category, first)
        budgets = self._budgets(company, category, first, end)
        months, month = [], first
        while month <= end:
            value, count, late = planned.get(month, (0.0, 0, 0))
            months.append(
                {
                    "date": fields.Date.to_string(month),
                    "planned": float(value),
                    "count": int(count),
                    "late": int(late),
                    "ordered": float(ordered.get(month, 0.0)),
                    "budget": budgets.get(month, False),
                }
            )
            month += relativedelta(months=1)
        return months

    @api.model
    def _planned_by_month(self, company, category, first, end):
        """What should have been ordered before today counts in the present month."""
        self.env["scm.planned.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', GREATEST(date_order, %s))::date, sum(value), count(*),
                       count(*) FILTER (WHERE late)
                  FROM scm_planned_order
                 WHERE company_id = %s AND kind = 'buy' AND state IN ('proposed', 'firm') AND date_order <= %s AND %s
              GROUP BY 1
                """,
                first,
                company.id,
                end,
                self._category_sql(category, SQL("categ_id")),
            )
        )
        return {month: (value or 0.0, count, late) for month, value, count, late in rows}

    @api.model
    def _ordered_by_month(self, company, category, first):
        """Confirmed purchase orders by the month of their confirmation, without taxes."""
        self.env["purchase.order.line"].flush_model()
        self.env["purchase.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', po.date_approve)::date,
                       sum(line.price_subtotal / COALESCE(NULLIF(po.currency_rate, 0), 1))
                  FROM purchase_order_line line
                  JOIN purchase_order po ON po.id = line.order_id
                  JOIN product_product p ON p.id = line.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE po.company_id = %s AND po.state = 'purchase' AND po.date_approve >= %s AND %s
              GROUP BY 1
                """,
                company.id,
                first,
                self._category_sql(category, SQL("t.categ_id")),
            )
        )
        return dict(rows)

    @api.model
    def _budgets(self, company, category, first, end):
        """{month: budget} of the company, or of the category that is looked at."""
        domain = Domain("company_id", "=", company.id) & Domain("month", ">=", first) & Domain("month", "<=", end)
        domain &= Domain("categ_id", "=", category.id or False)
        return {budget.month: float(budget.amount) for budget in self.env["scm.purchase.budget"].search(domain)}

    @api.model
    def _plan(self, company):
        """Stock value per week of the order plan; empty lists while there is no plan."""
        plan = self.env["scm.order.plan"].search([("company_id", "=", company.id)], limit=1)
        totals = plan.totals or {}
        return {
            "date": fields.Date.to_string(plan.date) if plan.date else False,
            "date_from": fields.Date.to_string(plan.date_from) if plan.date_from else False,
            "stock": [float(value) for value in totals.get("stock") or []],
            "receipts": [float(value) for value in totals.get("receipts") or []],
            "late_count": plan.late_count,
            "margin_at_risk": float(plan.margin_at_risk),
        }

    @api.model
    def action_month(self, month, company_id=False, categ_id=False):
        """Planned purchases to be ordered in a month (ISO date of one of its days), as an action."""
        company = self._checked_company(company_id)
        first = self.env["scm.event"]._typed_day(month).replace(day=1)
        today = self.env["scm.demand.day"]._scm_company_today(company)
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", "buy"),
            ("state", "in", ["proposed", "firm"]),
            ("date_order", "<", fields.Date.to_string(first + relativedelta(months=1))),
        ]
        if first > today:
            domain.append(("date_order", ">=", fields.Date.to_string(first)))
        if categ_id:
            domain.append(("categ_id", "child_of", categ_id))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To order in %(month)s", month=first.strftime("%Y-%m")),
            "res_model": "scm.planned.order",
            "views": [[False, "list"], [False, "form"]],
            "domain": domain,
        }
