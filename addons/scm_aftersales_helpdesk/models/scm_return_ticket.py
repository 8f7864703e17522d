from odoo import fields, models


class ScmReturn(models.Model):
    """A return that began as a ticket tells the ticket how it goes."""

    _inherit = "scm.return"

    scm_ticket_id = fields.Many2one(
        "helpdesk.ticket", "Ticket", copy=False, index="btree_not_null", ondelete="set null", check_company=True
    )

    def _after_state(self, state):
        result = super()._after_state(state)
        labels = dict(self._fields["state"]._description_selection(self.env))
        # sudo: who moves a return in the warehouse need not see tickets; a note is left and nothing read
        for request in self.sudo().filtered("scm_ticket_id"):
            request.scm_ticket_id.message_post(
                body=self.env._("Return %(name)s: %(state)s", name=request.name, state=labels[state])
            )
        return result
