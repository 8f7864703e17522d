from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.scm_base.tools.zones import local_today


class ScmWavePlan(models.Model):
    """The waves of a warehouse on a day: when they were planned last, and what went into none."""

    _name = "scm.wave.plan"
    _description = "Wave Plan"
    _order = "date desc, warehouse_id"
    _rec_name = "date"

    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True)
    planned_at = fields.Datetime("Planned", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Planned by", readonly=True)
    order_count = fields.Integer("Orders in Waves", readonly=True)
    line_count = fields.Integer("Lines in Waves", readonly=True)
    batch_count = fields.Integer("Tours", readonly=True)
    unplanned_count = fields.Integer("Orders in no Wave", readonly=True)
    late_count = fields.Integer("Late Orders", readonly=True)
    metres = fields.Float(readonly=True, digits=(16, 0))
    metres_before = fields.Float("Metres Order by Order", readonly=True, digits=(16, 0))
    unplanned = fields.Json(readonly=True, help="Transfers in no wave, each with the code of its reason.")

    _day_uniq = models.UniqueIndex("(warehouse_id, date)", "The day is planned already.")

    # Rights

    @api.model
    def _check_planner(self):
        """Waves and refills are work of the floor: stock users, or supply chain managers."""
        user = self.env.user
        if self.env.su or user.has_group("stock.group_stock_user") or user.has_group("scm_base.scm_group_manager"):
            return
        raise AccessError(
            self.env._("Waves and refills are planned by people of the inventory or by a supply chain manager.")
        )

    @api.model
    def _checked_warehouse(self, warehouse_id=False):
        """The warehouse, of a company of the user; without one the first of his present company."""
        warehouses = self.env["stock.warehouse"].sudo()  # sudo: the company is checked right here
        if not warehouse_id:
            return warehouses.search([("company_id", "=", self.env.company.id)], limit=1).sudo(self.env.su)
        warehouse = warehouses.browse(int(warehouse_id)).exists()
        if not warehouse:
            raise UserError(self.env._("There is no warehouse number %(id)s.", id=warehouse_id))
        if not self.env.su and warehouse.company_id not in self.env.companies:
            raise AccessError(
                self.env._("%(name)s belongs to a company that you have not ticked.", name=warehouse.name)
            )
        return warehouse.sudo(self.env.su)

    @api.model
    def _checked_day(self, warehouse, date):
        if not date:
            return local_today(warehouse.company_id, warehouse)
        try:
            return fields.Date.to_date(date)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("“%(date)s” is not a day. Write 2026-11-26.", date=date)) from error
