"""What the page of the stress test reads, for the browser and for integrators."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: products in the table of the page; all are in the list
TABLE_ROWS = 100


class ScmStressTestPage(models.Model):
    _inherit = "scm.stress.test"

    @api.model
    def run(self, partner_id, date_from, days):
        """Test what happens when a supplier stops; public, also over RPC. For users of the supply chain.

        :param partner_id: the supplier; ``date_from``: first day (YYYY-MM-DD); ``days``: length, 1 to 180
        :return: the same as :meth:`get_test`
        """
        partner = self.env["res.partner"].browse(partner_id).exists()
        if not partner:
            raise UserError(self.env._("There is no supplier %(id)s.", id=partner_id))
        partner.check_access("read")
        try:
            day = fields.Date.to_date(date_from)
        except ValueError:
            day = None
        if not day:
            raise UserError(self.env._("'%(date)s' is not a day: write it as YYYY-MM-DD.", date=date_from))
        test = self.create({"partner_id": partner.commercial_partner_id.id, "date_from": day, "days": days})
        test.action_run()
        return test._as_page()

    @api.model
    def get_test(self, test_id=False):
        """A stress test as the page shows it, the last one of the company by default; public, also over RPC.

        :return: dict; ``id`` is False where there is none yet; money in the company's currency
        """
        test = self.browse(test_id).exists() if test_id else self.search(
            [("company_id", "=", self.env.company.id), ("date_computed", "!=", False)], limit=1
        )
        if not test:
            today = self.env["scm.demand.day"]._scm_company_today(self.env.company)
            return {"id": False, "today": fields.Date.to_string(today)}
        test.check_access("read")
        return test._as_page()

    def _as_page(self):
        return {
            "id": self.id,
            "name": self.name,
            "today": fields.Date.to_string(self._today()),
            "partner_id": self.partner_id.id,
            "partner": self.partner_id.display_name,
            "date_from": fields.Date.to_string(self.date_from),
            "days": self.days,
            "currency_id": self.currency_id.id,
            "items": self.item_count,
            "hit": self.hit_count,
            "date_first": fields.Date.to_string(self.date_first) if self.date_first else False,
            "lost_margin": self.lost_margin,
            "covered_margin": self.covered_margin,
            "open_margin": self.open_margin,
            "extra_cost": self.extra_cost,
            "series": self.series or {"weeks": [], "alone": [], "backed": []},
            "lines": [line._as_row() for line in self.line_ids[:TABLE_ROWS]],
            "more": max(len(self.line_ids) - TABLE_ROWS, 0),
        }


class ScmStressTestLine(models.Model):
    _inherit = "scm.stress.test.line"

    def _as_row(self):
        return {
            "id": self.id,
            "product_id": self.product_id.id,
            "product": self.product_id.display_name,
            "warehouse": self.warehouse_id.code,
            "uom": self.uom_id.name,
            "date_run_out": fields.Date.to_string(self.date_run_out),
            "date_recovered": fields.Date.to_string(self.date_recovered) if self.date_recovered else False,
            "lost": self.lost_quantity,
            "covered": self.covered_quantity,
            "lost_margin": self.lost_margin,
            "open_margin": self.open_margin,
            "backup": self.backup_id.display_name or "",
            "backup_date": fields.Date.to_string(self.backup_date) if self.backup_date else False,
            "single_source": self.single_source,
            "why": self.why or False,
        }
