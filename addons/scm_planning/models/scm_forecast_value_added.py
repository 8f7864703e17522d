from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..kernel.value_added import judge_groups

DIMENSIONS = ("user", "reason", "level", "product", "category")


class ScmForecastValueAdded(models.Model):
    """What an override did in a week that is over: the forecast without it, the one with it, and what came.

    Frozen when the week is over, with the forecast as it stood at its beginning. Judged at the level at which the
    override was made: the sums of its items, one row per override (or period typed by hand) and week. Where several
    overrides met in a period, the row belongs to the one that had the last word.
    """

    _name = "scm.forecast.value.added"
    _description = "Forecast Value Added"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    override_id = fields.Many2one("scm.forecast.override", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    reason_id = fields.Many2one("scm.override.reason", readonly=True, ondelete="set null")
    note = fields.Char("Explanation", readonly=True)
    level = fields.Selection(
        [
            ("company", "Company"),
            ("warehouse", "Warehouse"),
            ("vendor", "Vendor"),
            ("country", "Country"),
            ("state", "State"),
            ("category", "Category"),
            ("product", "Product"),
            ("typed", "Period typed by hand"),
        ],
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="set null")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    date = fields.Date("Week", required=True, readonly=True)
    item_count = fields.Integer("Items", readonly=True)
    quantity_stat = fields.Float("Statistical Forecast", readonly=True)
    quantity_final = fields.Float("Final Forecast", readonly=True)
    quantity_actual = fields.Float("Came", readonly=True)
    error_stat = fields.Float("Error Without", readonly=True, help="Absolute error of the statistical forecast.")
    error_final = fields.Float("Error With", readonly=True, help="Absolute error of the final forecast.")
    value_added = fields.Float(readonly=True, help="Units of error that the override took away; below 0: it added.")
    item_error_stat = fields.Float(
        "Error of Items Without", readonly=True, help="Sum of the absolute errors item by item: what stock is made of."
    )
    item_error_final = fields.Float("Error of Items With", readonly=True)

    _week_uniq = models.UniqueIndex("(override_id, date) WHERE override_id IS NOT NULL")
    _typed_uniq = models.UniqueIndex("(product_id, warehouse_id, date) WHERE level = 'typed'")

    # ------------------------------------------------------------------ freeze

    @api.model
    def _freeze(self, run):
        """Keep what overrides did in the weeks before the run's first one, as far as it is not kept yet."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH forecasts AS (
                    SELECT id, date_from, lead(date_from) OVER (ORDER BY date_from) AS date_next
                      FROM (SELECT DISTINCT ON (date_from) id, date_from
                              FROM scm_forecast_run
                             WHERE company_id = %(company)s AND freq = 'W' AND published AND date_from < %(date)s
                          ORDER BY date_from, id DESC) last_of_week
                ), cell AS (
                    SELECT f.product_id, f.warehouse_id, f.categ_id, line.date, line.override_id, line.quantity AS stat,
                           line.quantity_override AS final, line.override_reason, line.override_user_id
                      FROM forecasts
                      JOIN scm_forecast f ON f.run_id = forecasts.id
                      JOIN scm_forecast_line line ON line.forecast_id = f.id
                     WHERE line.quantity_override IS NOT NULL AND line.date >= forecasts.date_from
                       AND line.date < LEAST(COALESCE(forecasts.date_next, %(date)s), %(date)s)
                ), came AS (
                    SELECT cell.product_id, cell.warehouse_id, cell.date, sum(day.quantity)::float8 AS quantity
                      FROM cell
                      JOIN scm_demand_day day
                        ON day.product_id = cell.product_id AND day.warehouse_id = cell.warehouse_id
                       AND day.date >= cell.date AND day.date < cell.date + 7
                  GROUP BY cell.product_id, cell.warehouse_id, cell.date
                ), summed AS (
                    SELECT override_id, date, CASE WHEN override_id IS NULL THEN product_id END AS product_id,
                           CASE WHEN override_id IS NULL THEN warehouse_id END AS warehouse_id,
                           CASE WHEN override_id IS NULL THEN max(categ_id) END AS categ_id,
                           max(override_reason) AS note, max(override_user_id) AS user_id, count(*) AS item_count,
                           sum(stat) AS stat, sum(final) AS final, sum(COALESCE(came.quantity, 0)) AS actual,
                           sum(abs(stat - COALESCE(came.quantity, 0))) AS item_stat,
                           sum(abs(final - COALESCE(came.quantity, 0))) AS item_final
                      FROM cell LEFT JOIN came USING (product_id, warehouse_id, date)
                  GROUP BY override_id, date, CASE WHEN override_id IS NULL THEN product_id END,
                           CASE WHEN override_id IS NULL THEN warehouse_id END
                )
                INSERT INTO scm_forecast_value_added (company_id, override_id, user_id, reason_id, note, level,
                       product_id, categ_id, warehouse_id, date, item_count, quantity_stat, quantity_final,
                       quantity_actual, error_stat, error_final, value_added, item_error_stat, item_error_final)
                SELECT %(company)s, s.override_id, COALESCE(o.user_id, s.user_id), o.reason_id,
                       CASE WHEN o.id IS NULL THEN s.note ELSE o.note END, COALESCE(o.level, 'typed'),
                       COALESCE(o.product_id, s.product_id), COALESCE(o.categ_id, s.categ_id, t.categ_id),
                       COALESCE(o.warehouse_id, s.warehouse_id), s.date, s.item_count, s.stat, s.final, s.actual,
                       abs(s.stat - s.actual), abs(s.final - s.actual),
                       abs(s.stat - s.actual) - abs(s.final - s.actual), s.item_stat, s.item_final
                  FROM summed s
             LEFT JOIN scm_forecast_override o ON o.id = s.override_id
             LEFT JOIN product_product p ON p.id = o.product_id
             LEFT JOIN product_template t ON t.id = p.product_tmpl_id
           ON CONFLICT DO NOTHING
                """,
                company=run.company_id.id,
                date=run.date_from,
            )
        )
        self.invalidate_model()

    # -------------------------------------------------------------------- read

    @api.model
    @api.readonly
    def get_summary(self, dimension="user", date_from=False):
        """Did overrides help? By person, reason, level, product or category; public, also over RPC.

        :param dimension: ``user``, ``reason``, ``level``, ``product`` or ``category``
        :param date_from: ISO day; only weeks from then on
        :return: dict ``rows`` (list, most weeks first: ``id``, ``name``, ``sentence``, ``weeks``, ``count``,
            ``error_before``, ``error_after``, ``change``, ``low``, ``high``, ``verdict``; a figure that is not known is
            False) and ``total`` (the same for all of them)
        """
        if dimension not in DIMENSIONS:
            raise UserError(self.env._("Value added is told by one of %(names)s.", names=", ".join(DIMENSIONS)))
        self.check_access("read")
        day = self.env["scm.forecast.override"]._to_day(date_from) if date_from else False
        domain = [("company_id", "in", self.env.companies.ids), *([("date", ">=", day)] if day else [])]
        field = {"category": "categ_id", "level": "level"}.get(dimension, f"{dimension}_id")
        names = ["quantity_stat", "quantity_final", "quantity_actual", "date", field]
        records = self.search_fetch(domain, names, order="id")
        labels = [self._label(record, field) for record in records]
        arrays = [records.mapped(name) for name in names[:3]] if records else [[], [], []]
        weeks = [record.date.toordinal() for record in records]
        found = judge_groups(labels, *arrays, weeks) if records else {}
        titles = self._titles(records, field)
        rows = [self._prepare_row(key, titles[key], one) for key, one in found.items()]
        everything = judge_groups([0] * len(weeks), *arrays, weeks).get(0) if records else None
        total = self._prepare_row(0, self.env._("All overrides"), everything) if everything else {}
        return {"rows": sorted(rows, key=lambda row: (-row["weeks"], row["name"])), "total": total}

    @api.model
    def _label(self, record, field):
        value = record[field]
        return value if field == "level" else value.id or 0

    @api.model
    def _titles(self, records, field):
        if field == "level":
            return dict(self._fields["level"]._description_selection(self.env))
        found = {record.id: record.display_name for record in records[field]}
        none = {
            "reason_id": self.env._("Typed by hand, reason in words"),
            "user_id": self.env._("Users that are gone"),
        }.get(field, self.env._("Not of one alone"))
        return found | {0: none}

    @api.model
    def _prepare_row(self, key, name, one):
        def figure(value):
            return float(value) if value == value else False

        return {
            "id": key,
            "name": name,
            "sentence": self._sentence(name, one),
            "weeks": one.weeks,
            "count": one.count,
            "error_before": one.error_before,
            "error_after": one.error_after,
            "bias_before": one.bias_before,
            "bias_after": one.bias_after,
            "change": figure(one.change),
            "low": figure(one.low),
            "high": figure(one.high),
            "verdict": one.verdict,
        }

    @api.model
    def _sentence(self, name, one):
        """The verdict in plain words."""
        words = {"name": name, "weeks": one.weeks, "percent": f"{abs(one.change or 0) * 100:.0f}"}
        if one.verdict == "better":
            return self.env._("%(name)s: made the forecast %(percent)s %% better in %(weeks)s weeks.", **words)
        if one.verdict == "worse":
            return self.env._("%(name)s: made the forecast %(percent)s %% worse in %(weeks)s weeks.", **words)
        if one.verdict == "no_difference":
            return self.env._("%(name)s: no proven difference in %(weeks)s weeks.", **words)
        return self.env._("%(name)s: not enough data yet (%(weeks)s weeks).", **words)
