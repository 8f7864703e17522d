from odoo import fields, models


class HelpdeskTicketStage(models.Model):
    """Stages in which the customer has the next word."""

    _inherit = "helpdesk.ticket.stage"

    scm_is_waiting = fields.Boolean(
        "Waits for the Customer",
        help="In this stage the time until resolution does not run. When the customer writes, the ticket goes on.",
    )
