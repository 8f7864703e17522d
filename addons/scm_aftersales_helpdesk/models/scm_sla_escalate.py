from odoo import api, fields, models


class ScmSlaClock(models.Model):
    """What happens when time runs out: a warning before, a ladder of people after."""

    _inherit = "scm.sla.clock"

    @api.model
    def _cron_run(self):
        """Read all open clocks, warn and escalate. What was done is not done again."""
        now = fields.Datetime.now()
        clocks = self.search([("date_stopped", "=", False)])
        changed = clocks._refresh(now)
        changed.filtered(lambda clock: clock.state in ("warned", "breached"))._warn()
        for clock in clocks:
            clock._climb()
        return len(changed)

    def _warn(self):
        """A task for who is in charge, else for the team leader; one per ticket."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        model = self.env["ir.model"]._get("helpdesk.ticket")
        values = []
        for ticket, clocks in self.grouped("ticket_id").items():
            user = ticket.user_id or ticket.team_id.user_id
            if user:
                values.append(
                    {
                        "res_model_id": model.id,
                        "res_id": ticket.id,
                        "activity_type_id": todo.id,
                        "user_id": user.id,
                        "date_deadline": fields.Date.context_today(self.with_user(user)),
                        "summary": clocks._words(),
                    }
                )
        # without a mail for each: the list of tasks shows them, steps of the ladder write mails
        return self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)

    def _words(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        late = self.filtered(lambda clock: clock.state == "breached")
        names = ", ".join(labels[clock.kind] for clock in late or self)
        return self.env._("Too late: %s", names) if late else self.env._("Nearly too late: %s", names)

    def _climb(self):
        """Take the steps that are due. Minutes are counted as the clock counts: in hours of work, not in pauses."""
        if self.state == "paused":
            return
        done = list(self.steps_done or [])
        for step in self.policy_id.step_ids:
            due = self.hours_allowed + step.minutes / 60
            if step.id in done or (step.kind and step.kind != self.kind) or self.hours_elapsed < due:
                continue
            done.append(step.id)
            step._take(self)
        if done != list(self.steps_done or []):
            self.steps_done = done
