from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

from ..models.scm_count_plan_read import ACCURATE


class ScmCountAccuracy(models.Model):
    """One row per counted record (place, product, lot, package, owner) of a count that is done.

    Inventory record accuracy (ASCM): share of counted records that agree with the book within their tolerance. A first
    count that was wrong while the recount agrees with the book speaks against the counter, not against the record.
    """

    _name = "scm.count.accuracy"
    _description = "Accuracy of Stock Records"
    _auto = False
    _order = "date DESC, id DESC"
    _rec_name = "location_id"
    _depends = {
        "scm.count.line": [
            "task_id", "company_id", "warehouse_id", "location_id", "product_id", "counted_by_id", "cause_id", "state",
            "counted_at", "in_tolerance", "is_recounted", "expected_quantity", "difference", "value_expected",
            "value_difference",
        ],
        "scm.count.task": ["zone_id", "origin"],
        "stock.warehouse": ["scm_count_class_by"],
    }  # fmt: skip

    task_id = fields.Many2one("scm.count.task", "Count", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    zone_id = fields.Many2one("stock.location", readonly=True)
    location_id = fields.Many2one("stock.location", "Place", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True)
    letter = fields.Selection([("A", "A"), ("B", "B"), ("C", "C")], "Class", readonly=True)
    origin = fields.Selection(
        [("plan", "Plan"), ("zero", "Emptied by a Pick"), ("demand", "After a Discrepancy"), ("manual", "By Hand")],
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Counter", readonly=True)
    cause_id = fields.Many2one("scm.count.cause", readonly=True)
    date = fields.Date("Counted on", readonly=True, help="Day in the zone of the warehouse.")
    count = fields.Integer("Records", readonly=True, aggregator="sum")
    accurate = fields.Integer("Accurate Records", readonly=True, aggregator="sum")
    accuracy = fields.Float(readonly=True, aggregator="avg", help="Share of records within tolerance.")
    miscounts = fields.Integer(
        readonly=True, aggregator="sum", help="First counts that the recount found wrong: the book was right."
    )
    expected_quantity = fields.Float("On the Books", digits="Product Unit", readonly=True)
    difference = fields.Float("Net Difference", digits="Product Unit", readonly=True)
    difference_gross = fields.Float(
        "Gross Difference", digits="Product Unit", readonly=True, help="Each difference without its sign."
    )
    value_expected = fields.Monetary("Value on the Books", readonly=True, aggregator="sum")
    value_net = fields.Monetary("Net Value", readonly=True, aggregator="sum", help="Found less on the books.")
    value_gross = fields.Monetary(
        "Gross Value", readonly=True, aggregator="sum", help="Each difference without its sign."
    )
    value_missing = fields.Monetary("Missing Value", readonly=True, aggregator="sum")
    value_surplus = fields.Monetary("Surplus Value", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        return SQL(
            """SELECT line.id, line.task_id, line.company_id, company.currency_id, line.warehouse_id, task.zone_id,
                      line.location_id, line.product_id, template.categ_id,
                      CASE warehouse.scm_count_class_by WHEN 'abc_picks' THEN class.abc_picks ELSE class.abc_value END
                          AS letter,
                      task.origin, line.counted_by_id AS user_id, line.cause_id, %(day)s AS date, 1 AS count,
                      %(right)s::int AS accurate, %(right)s::int::float8 AS accuracy,
                      (line.in_tolerance IS NOT TRUE AND %(right)s)::int AS miscounts,
                      line.expected_quantity, line.difference, ABS(line.difference) AS difference_gross,
                      line.value_expected, line.value_difference AS value_net,
                      ABS(line.value_difference) AS value_gross,
                      GREATEST(-line.value_difference, 0) AS value_missing,
                      GREATEST(line.value_difference, 0) AS value_surplus
                 FROM scm_count_line line
                 JOIN scm_count_task task ON task.id = line.task_id
                 JOIN res_company company ON company.id = line.company_id
                 JOIN res_partner company_partner ON company_partner.id = company.partner_id
                 JOIN stock_warehouse warehouse ON warehouse.id = line.warehouse_id
                 LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 LEFT JOIN scm_product_class class
                   ON class.product_id = line.product_id AND class.warehouse_id = line.warehouse_id
                WHERE line.state = 'done' AND line.counted_at IS NOT NULL""",
            right=ACCURATE,
            day=local_day_sql(SQL("line.counted_at"), zone_sql("company_partner", "warehouse_partner")),
        )
