from odoo import fields, models

UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months")]


class ScmSafetySchedule(models.Model):
    """Where a checklist is gone through again and again, and by whom."""

    _name = "scm.safety.schedule"
    _description = "Safety Inspection Schedule"
    _order = "warehouse_id, template_id, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    template_id = fields.Many2one(
        "scm.safety.template", "Checklist", required=True, index=True, ondelete="cascade", check_company=True
    )
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    location_id = fields.Many2one(
        "stock.location",
        "Place",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('warehouse_id', '=', warehouse_id)]",
        help="Part of the warehouse that is looked at. Empty: all of it.",
    )
    equipment = fields.Char(help="What is looked at, for example “Forklift 3”.")
    every = fields.Integer(required=True, default=1, aggregator=None)
    unit = fields.Selection(UNITS, required=True, default="week")
    date_start = fields.Date("First Day", required=True, default=fields.Date.context_today)
    is_working_days = fields.Boolean(
        "On Working Days",
        default=True,
        help="An inspection that would fall on a day off is due on the next working day.",
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", domain=[("share", "=", False)], index="btree_not_null", check_company=True
    )
    date_generated = fields.Date("Planned until", readonly=True, copy=False)
    inspection_ids = fields.One2many("scm.safety.inspection", "schedule_id", "Inspections")

    _every_positive = models.Constraint(
        "CHECK(every > 0)", "An inspection recurs every 1 or more days, weeks or months."
    )
