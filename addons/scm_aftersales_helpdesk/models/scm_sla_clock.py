from odoo import api, fields, models

from .helpdesk_ticket import CLOCK_STATES

CLOCK_KINDS = [("response", "First Answer"), ("resolution", "Solved")]


class ScmSlaClock(models.Model):
    """One clock of a ticket. It is written by nobody: it follows the ticket, its messages and its policy."""

    _name = "scm.sla.clock"
    _description = "Response Time"
    _order = "date_deadline, id"
    _rec_name = "kind"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(CLOCK_KINDS, "Clock", required=True, readonly=True)
    policy_id = fields.Many2one("scm.sla.policy", readonly=True, index=True, ondelete="set null")
    calendar_id = fields.Many2one("resource.calendar", "Working Hours", readonly=True, help="Empty: around the clock.")
    state = fields.Selection(CLOCK_STATES, required=True, readonly=True, default="running", index=True)
    date_start = fields.Datetime("Started", required=True, readonly=True)
    date_deadline = fields.Datetime(
        "Deadline", readonly=True, help="While the ticket waits for the customer there is none: it moves on."
    )
    date_warn = fields.Datetime("Warns at", readonly=True)
    date_answered = fields.Datetime("Answered", readonly=True, help="First message to the customer.")
    date_stopped = fields.Datetime("Stopped", readonly=True, index=True)
    pauses = fields.Json(readonly=True, help="Spans in which it does not run, in UTC; the end of the last may be open.")
    hours_allowed = fields.Float(readonly=True, aggregator="avg")
    hours_elapsed = fields.Float("Hours Used", readonly=True, aggregator="avg", help="In the hours that count.")
    warn_share = fields.Float(readonly=True, aggregator=None)
    in_time = fields.Float(
        "In Time (%)", readonly=True, aggregator="avg", help="100 if kept, 0 if not; those still open do not count."
    )
    is_breached = fields.Boolean("Too Late", readonly=True, index=True)
    steps_done = fields.Json(readonly=True)

    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    team_id = fields.Many2one(related="ticket_id.team_id", store=True, index=True)
    user_id = fields.Many2one(related="ticket_id.user_id", store=True, index=True, string="In Charge")
    priority = fields.Selection(related="ticket_id.priority", store=True)
    channel_id = fields.Many2one(related="ticket_id.channel_id", store=True)
    ticket_kind = fields.Selection(related="ticket_id.scm_kind", store=True, string="About")
    partner_id = fields.Many2one(related="ticket_id.partner_id", store=True, string="Customer")
    reason_id = fields.Many2one(related="ticket_id.scm_breach_reason_id", store=True, string="Why Too Late")
    hours_left = fields.Float(compute="_compute_hours_left", help="In the hours that count; below 0: too late by.")

    _one_per_ticket = models.UniqueIndex("(ticket_id, kind)", "A ticket has one clock of each kind.")
    _open_idx = models.Index("(company_id, date_deadline) WHERE date_stopped IS NULL")

    def _compute_hours_left(self):
        readings = self._readings(fields.Datetime.now())
        for clock in self:
            clock.hours_left = clock.hours_allowed - readings[clock.id].elapsed / 3600

    @api.depends("ticket_id.number", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for clock in self:
            clock.display_name = f"{clock.ticket_id.number} · {labels.get(clock.kind, '')}"

    def action_open_ticket(self):
        """Open the ticket of this clock."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }
