from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: deliveries that one step of the nightly job proposes boxes for
BATCH = 200
#: days that are looked at for rules that were broken
WINDOW_DAYS = 30


class ScmBoxChoice(models.Model):
    """The nightly job: boxes for what is ready, and what somebody has to look after."""

    _inherit = "scm.box.choice"

    @api.model
    def _cron_propose(self):
        """Propose boxes for ready deliveries of warehouses that want it, then synchronise the alerts."""
        cron = self.env["ir.cron"]
        waiting = self.env["stock.picking"].search(self._waiting_domain(), order="scheduled_date, id").ids
        cron._commit_progress(remaining=len(waiting))
        for start in range(0, len(waiting), BATCH):
            batch = self.env["stock.picking"].browse(waiting[start : start + BATCH]).exists()
            self._propose(batch.filtered(lambda one: one.state == "assigned"))
            if not cron._commit_progress(len(batch)):
                return
        for company in self.env["res.company"].search([("active", "=", True)]):
            self._sync_alerts(company)

    @api.model
    def _waiting_domain(self):
        return [
            ("picking_type_code", "=", "outgoing"),
            ("state", "=", "assigned"),
            "|",
            ("picking_type_id.warehouse_id.scm_box_choice_auto", "=", True),
            ("scm_box_choice_ids.state", "=", "blocked"),
        ]

    @api.model
    def _sync_alerts(self, company):
        alerts = self.env["scm.alert"]
        alerts._sync("product_no_dimensions", company, self._dimension_rows(company))
        alerts._sync("packaging_rule_broken", company, self._rule_rows(company))

    @api.model
    def _dimension_rows(self, company):
        """Products that keep open deliveries from getting a box, with how many."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT missing.product_product_id, count(*)
                  FROM scm_box_choice choice
                  JOIN scm_box_choice_missing_rel missing ON missing.scm_box_choice_id = choice.id
                  JOIN stock_picking picking ON picking.id = choice.picking_id
                 WHERE choice.company_id = %s AND choice.state = 'blocked' AND picking.state NOT IN ('done', 'cancel')
                 GROUP BY 1 ORDER BY 2 DESC LIMIT 200""",
                company.id,
            )
        )
        products = self.env["product.product"].browse([row[0] for row in rows])
        products.fetch(["display_name"])
        return [
            {
                "subject_key": str(product.id),
                "name": product.display_name,
                "product_id": product.id,
                "res_model": "product.template",
                "res_id": product.product_tmpl_id.id,
                "why": {"value": count, "unit": "", "terms": [{"code": "pack_waiting", "value": count, "unit": ""}]},
            }
            for product, (_id, count) in zip(products, rows, strict=True)
        ]

    @api.model
    def _rule_rows(self, company):
        """Rules in force that packed parcels of the last days broke."""
        since = local_today(company) - timedelta(days=WINDOW_DAYS)
        groups = self.env["scm.packaging.finding"]._read_group(
            [
                ("company_id", "=", company.id),
                ("level", "=", "must"),
                ("is_packed", "=", True),
                ("date", ">=", since),
            ],
            ["rule_id"],
            ["__count", "value:avg", "limit:avg"],
        )
        return [
            {
                "subject_key": str(rule.id),
                "name": rule.name,
                "res_model": rule._name,
                "res_id": rule.id,
                "why": {
                    "value": count,
                    "unit": "",
                    "window": {"from": str(since), "to": str(local_today(company))},
                    "terms": [
                        {"code": "pack_rule_parcels", "value": count, "unit": ""},
                        {"code": "pack_rule_value", "value": round(value, 4), "unit": ""},
                        {"code": "pack_rule_limit", "value": round(limit, 4), "unit": ""},
                    ],
                },
            }
            for rule, count, value, limit in groups
        ]
