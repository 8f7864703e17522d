from odoo import api, fields, models


class ScmEventOccurrence(models.Model):
    _name = "scm.event.occurrence"
    _description = "Dates of an event"
    _order = "date_start desc, id"

    event_id = fields.Many2one("scm.event", required=True, ondelete="cascade", index=True)
    active = fields.Boolean(default=True, help="Archive an occurrence that does not take place.")
    kind = fields.Selection(related="event_id.kind")
    color = fields.Integer(related="event_id.color")
    date_start = fields.Date("First day", required=True, index=True)
    date_end = fields.Date("Last day", required=True)
    year = fields.Integer(compute="_compute_year", store=True, readonly=False, precompute=True, aggregator=None)
    strength = fields.Float(
        default=1.0,
        help="Size beside an ordinary occurrence: 2 for a discount twice as deep, 0.5 for half the usual effort.",
    )
    manual = fields.Boolean("Typed in", default=True, readonly=True)
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)

    _order_of_days = models.Constraint("CHECK(date_end >= date_start)", "An event cannot end before it starts.")
    _span = models.Constraint(
        "CHECK(date_end - date_start <= 366 AND date_start >= '1900-01-01' AND date_end < '3000-01-01')",
        "An event lasts at most 366 days, between the years 1900 and 2999.",
    )
    _strength = models.Constraint(
        "CHECK(strength >= 0 AND strength <= 100)", "The strength of an occurrence must lie between 0 and 100."
    )

    @api.depends("date_start")
    def _compute_year(self):
        for row in self:
            row.year = row.date_start.year if row.date_start else 0

    @api.depends("event_id.name", "year")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.event_id.name} {row.year}" if row.year else row.event_id.name

    def write(self, vals):
        # A date that a person moved is his: a change of the rule must not take it away
        if {"date_start", "date_end", "strength", "active"} & vals.keys():
            vals = {"manual": True, **vals}
        result = super().write(vals)
        if "event_id" in vals:
            # Odoo checks the company that a record leaves, not the one it is moved to
            self.check_access("write")
        return result
