from odoo import api, fields, models
from odoo.exceptions import UserError

#: the ways on from each state
NEXT = {
    "requested": ("approved", "refused", "cancelled"),
    "approved": ("in_transit", "received", "inspected", "settled", "refused", "cancelled"),
    "refused": ("requested",),
    "in_transit": ("received", "inspected", "settled", "cancelled"),
    "received": ("inspected", "settled"),
    "inspected": ("settled",),
    "settled": ("closed",),
    "closed": (),
    "cancelled": ("requested",),
}


class ScmReturn(models.Model):
    """How a return moves. Each step is one method; what follows from it hangs on :meth:`_after_state`."""

    _inherit = "scm.return"

    def action_approve(self):
        """Approve by hand: the outcomes stand as they are chosen on the lines."""
        self._check_agent()
        for line in self.line_ids.filtered(lambda line: not line.outcome):
            line.outcome = line.wish
        self._move_to("approved")
        return True

    def action_refuse(self, text=""):
        """Refuse, with words that the customer reads."""
        self._check_agent()
        for request in self:
            words = (text or request.refusal or "").strip()
            if not words:
                raise UserError(
                    self.env._("%(request)s: say why it is refused; the customer reads it.", request=request.name)
                )
            request._move_to("refused", refusal=words)
        return True

    def action_cancel(self):
        """Cancel what has not come back yet."""
        self._check_agent()
        self._move_to("cancelled")
        return True

    def action_reopen(self):
        """Take up again what was refused or cancelled, if its units are still free."""
        self._check_agent()
        self._move_to("requested", refusal=False)
        self._check_quantities()
        return True

    def action_close(self):
        """Close what is settled."""
        self._check_agent()
        self._move_to("closed")
        return True

    def _check_agent(self):
        """Raise unless the user may handle returns."""
        self.check_access("write")

    def _move_to(self, state, **values):
        """Move to a state that may follow, stamp it, and let happen what follows from it."""
        for request in self:
            if state not in NEXT[request.state]:
                raise UserError(
                    self.env._(
                        "%(request)s is “%(now)s”, from which it cannot become “%(then)s”.",
                        request=request.name,
                        now=self._state_label(request.state),
                        then=self._state_label(state),
                    )
                )
        if self:
            # sudo: each caller has checked that the user may take this step; nobody writes the state itself
            self.sudo().write({"state": state, f"date_{state}": fields.Datetime.now(), **values})
            self._after_state(state)

    @api.model
    def _state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]

    def _after_state(self, state):
        """Hook: what follows when these returns have come to a state."""
