from odoo import api, fields, models
from odoo.tools import SQL


class ScmSeasonWeek(models.Model):
    """Demand per week and category, sold and expected: what the season board adds up instead of millions of lines.

    Filled by SQL after each planning run; overrides since then are added when the board is read.
    """

    _name = "scm.season.week"
    _description = "Demand per Week and Category"
    _log_access = False
    _order = "date, id"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    run_id = fields.Many2one("scm.forecast.run", readonly=True, ondelete="cascade", index="btree_not_null")
    kind = fields.Selection([("sold", "Sold"), ("expected", "Expected")], required=True, readonly=True)
    date = fields.Date("Week From", required=True, readonly=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="cascade")
    quantity = fields.Float(readonly=True, help="Each product in its own unit.")
    value = fields.Float(readonly=True, help="Without taxes, in company currency.")

    _company_idx = models.Index("(company_id, kind, date)")

    #: net price of each product: what the last year brought per unit, else the sales price
    _PRICE = """
        SELECT p.id AS product_id, t.categ_id,
               COALESCE(sold.revenue / NULLIF(sold.quantity, 0), t.list_price, 0)::float8 AS price
          FROM product_product p
          JOIN product_template t ON t.id = p.product_tmpl_id
     LEFT JOIN (SELECT product_id, sum(revenue) AS revenue, sum(quantity) AS quantity
                  FROM scm_demand_day
                 WHERE company_id = %(company)s AND date >= %(today)s - 364 AND quantity > 0 AND revenue > 0
              GROUP BY product_id) sold ON sold.product_id = p.id
    """

    @api.model
    def _refresh(self, company):
        """Add up the present forecast and the weeks sold in the last two years again; four statements."""
        self._refresh_sold(company)
        self._refresh_expected(company)

    @api.model
    def _values(self, company):
        for model in ("product.template", "product.product", "scm.forecast", "scm.forecast.line", "scm.demand.day"):
            self.env[model].flush_model()
        return {"company": company.id, "today": self.env["scm.demand.day"]._scm_company_today(company)}

    @api.model
    def _refresh_sold(self, company):
        values = self._values(company)
        self.env.cr.execute(
            "DELETE FROM scm_season_week WHERE company_id = %(company)s AND kind = 'sold'", values
        )
        self.env.cr.execute(
            """
            INSERT INTO scm_season_week (company_id, kind, date, categ_id, quantity, value)
            SELECT %(company)s, 'sold', date_trunc('week', d.date)::date, t.categ_id,
                   sum(d.quantity), COALESCE(sum(d.revenue), 0)
              FROM scm_demand_day d
              JOIN product_product p ON p.id = d.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE d.company_id = %(company)s AND d.date >= date_trunc('week', %(today)s::date - 728)
          GROUP BY 3, 4
            """,
            values,
        )
        self.invalidate_model()

    @api.model
    def _refresh_expected(self, company):
        values = self._values(company)
        self.env.cr.execute(
            "DELETE FROM scm_season_week WHERE company_id = %(company)s AND kind = 'expected'", values
        )
        self.env.cr.execute(
            f"""
            INSERT INTO scm_season_week (company_id, run_id, kind, date, categ_id, quantity, value)
            SELECT %(company)s, f.run_id, 'expected', line.date, price.categ_id,
                   sum(line.quantity), sum(line.quantity * price.price)
              FROM scm_forecast_line line
              JOIN scm_forecast f ON f.id = line.forecast_id
              JOIN scm_forecast_run run ON run.id = f.run_id
              JOIN ({self._PRICE}) price ON price.product_id = f.product_id
             WHERE run.company_id = %(company)s AND run.current AND run.freq = 'W'
          GROUP BY f.run_id, line.date, price.categ_id
            """,
            values,
        )
        self.invalidate_model()

    @api.model
    def _ensure(self, company, run):
        """Fill the sums of a forecast that they do not know yet."""
        if not run:
            return
        if not self._knows(company, run):
            self._refresh(company)

    @api.model
    def _knows(self, company, run):
        """Whether the sums of this forecast are there."""
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM scm_season_week WHERE company_id = %s AND kind = 'expected' AND run_id = %s LIMIT 1",
                    company.id,
                    run.id or 0,
                )
            )
        )


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _after_plan(self):
        result = super()._after_plan()
        weeks = self.env["scm.season.week"]
        forecast = self.search(
            [("company_id", "=", self.company_id.id), ("current", "=", True), ("freq", "=", "W")], limit=1
        )
        if self.whole or not weeks._knows(self.company_id, forecast):
            weeks._refresh(self.company_id)
        else:
            # the forecast is the one that was added up before
            weeks._refresh_sold(self.company_id)
        return result
