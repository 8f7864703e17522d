from odoo import fields, models


class HelpdeskTicketTeam(models.Model):
    """When a team is at work."""

    _inherit = "helpdesk.ticket.team"

    scm_counting = fields.Selection(
        [("calendar", "In working hours"), ("always", "Around the clock")],
        "Response Times Count",
        required=True,
        default="calendar",
    )
    scm_calendar_id = fields.Many2one(
        "resource.calendar", "Working Hours", check_company=True, help="Empty: the working hours of the company."
    )
