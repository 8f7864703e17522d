from odoo import models


class ScmSlaStep(models.Model):
    """What a step does."""

    _inherit = "scm.sla.step"

    def _take(self, clock):
        ticket = clock.ticket_id
        getattr(self, f"_take_{self.action}")(ticket, clock)
        return ticket

    def _take_assignee(self, ticket, clock):
        self._tell(ticket, clock, ticket.user_id or ticket.team_id.user_id)

    def _take_leader(self, ticket, clock):
        self._tell(ticket, clock, ticket.team_id.user_id or ticket.team_id.parent_id.user_id)

    def _take_user(self, ticket, clock):
        self._tell(ticket, clock, self.user_id)

    def _take_reassign(self, ticket, clock):
        if ticket.user_id != self.user_id:
            ticket.user_id = self.user_id
        self._tell(ticket, clock, self.user_id)

    def _tell(self, ticket, clock, user):
        """A mail and a note that says who was told."""
        if not user or not user.active:
            return
        words = clock._words()
        ticket.message_notify(
            partner_ids=user.partner_id.ids,
            subject=f"{ticket.display_name}: {words}",
            body=self.env._(
                "%(words)s. Used %(used).1f of %(allowed).1f hours (%(policy)s).",
                words=words,
                used=clock.hours_elapsed,
                allowed=clock.hours_allowed,
                policy=self.policy_id.name,
            ),
        )
        ticket._message_log(body=self.env._("%(words)s: told %(user)s.", words=words, user=user.name))
