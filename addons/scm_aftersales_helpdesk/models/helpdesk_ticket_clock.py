from odoo import api, fields, models
from odoo.exceptions import UserError

#: what a change of these does to the clocks is worked out at once
_WATCHED = {
    "stage_id",
    "team_id",
    "user_id",
    "priority",
    "scm_kind",
    "partner_id",
    "channel_id",
    "company_id",
    "active",
}


class HelpdeskTicket(models.Model):
    """The clocks follow the ticket, whatever changes on it."""

    _inherit = "helpdesk.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._scm_sync_clocks(start=fields.Datetime.now())
        return tickets

    def write(self, vals):
        if vals.get("stage_id") and not self.env.su:
            self._scm_check_reason(vals)
        result = super().write(vals)
        if _WATCHED & set(vals):
            self._scm_sync_clocks()
        return result

    def _scm_sync_clocks(self, start=None):
        # sudo: clocks are written by nobody; whoever may change a ticket moves its clocks
        return self.env["scm.sla.clock"].sudo()._sync(self.sudo(), start)

    def _scm_check_reason(self, vals):
        """Raise where a ticket is closed that was too late, and nobody has said why."""
        stage = self.env["helpdesk.ticket.stage"].browse(vals["stage_id"])
        if not stage.closed or vals.get("scm_breach_reason_id"):
            return
        closing = self.filtered(lambda ticket: not ticket.closed and not ticket.scm_breach_reason_id)
        # sudo: whether a clock is late is read for the check alone
        clocks = closing.sudo().scm_clock_ids
        readings = clocks._readings(fields.Datetime.now())
        for clock in clocks:
            if readings[clock.id].state == "breached":
                raise UserError(
                    self.env._(
                        "%(ticket)s was too late (%(clock)s). Choose under “Why Too Late” what the reason was, then "
                        "close it.",
                        ticket=clock.ticket_id.display_name,
                        clock=dict(clock._fields["kind"]._description_selection(self.env))[clock.kind],
                    )
                )

    def _scm_is_over(self):
        """Whether nobody works on it any more."""
        self.ensure_one()
        return self.stage_id.closed or not self.active
