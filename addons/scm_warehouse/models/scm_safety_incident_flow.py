from odoo import fields, models
from odoo.exceptions import UserError

from .scm_safety_incident import OPEN


class ScmSafetyIncident(models.Model):
    """From the report over the investigation to the end."""

    _inherit = "scm.safety.incident"

    def action_investigate(self):
        """Somebody looks for the cause."""
        self.check_access("write")
        for incident in self:
            if incident.state != "open":
                raise UserError(self.env._("%(incident)s is not open any more.", incident=incident.name))
        # sudo: write access was checked; the state is written by buttons alone
        self.sudo().write({"state": "investigation"})
        for incident in self.filtered(lambda incident: not incident.user_id):
            incident.user_id = self.env.user
        return True

    def action_close(self):
        """End it and let its places go.

        :raises UserError: while a step is open; for a severe one, or one where somebody was hurt, without a cause
        """
        self.check_access("write")
        for incident in self:
            incident._check_closable()
        self._finish({"state": "closed"})
        return True

    def action_cancel(self, reason=""):
        """It was reported in error: it counts nowhere.

        :param reason: why, in words
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is cancelled, so that nobody wonders later."))
        for incident in self:
            if incident.state not in OPEN:
                raise UserError(self.env._("%(incident)s is over already.", incident=incident.name))
        self._finish({"state": "cancelled", "reason": reason.strip()})
        return True

    def action_reopen(self):
        """There is more to say about it. Its places stay open; lock them again where needed."""
        self.check_access("write")
        # sudo: write access was checked; the state is written by buttons alone
        self.sudo().write({"state": "investigation", "date_closed": False, "closed_by_id": False, "reason": False})
        return True

    def action_lock_place(self):
        """Lock the place of the incident."""
        for incident in self:
            incident.lock()
        return True

    def _finish(self, vals):
        self._unlock()
        # sudo: the caller checked write access; the state is written by buttons alone
        self.sudo().write({**vals, "date_closed": fields.Datetime.now(), "closed_by_id": self.env.user.id})

    def _check_closable(self):
        self.ensure_one()
        if self.state not in OPEN:
            raise UserError(self.env._("%(incident)s is over already.", incident=self.name))
        open_steps = self.step_ids.filtered(lambda step: not step.date_done)
        if open_steps:
            raise UserError(
                self.env._(
                    "%(incident)s cannot be closed: “%(step)s” is not done (%(count)s open). Tick the emergency steps, "
                    "or remove those that were not needed.",
                    incident=self.name,
                    step=open_steps[0].name,
                    count=len(open_steps),
                )
            )
        needs_cause = self.severity == "severe" or self.people_count or self.lost_days
        if needs_cause and not (self.cause_kind and (self.cause or "").strip()):
            raise UserError(
                self.env._(
                    "%(incident)s cannot be closed: it is severe or somebody was affected. Write down the "
                    "root cause and its kind first.",
                    incident=self.name,
                )
            )

    # Improvements

    def action_improve(self):
        """Open an improvement for it, so that it does not happen again. While one is open, that one is shown."""
        self.ensure_one()
        self.check_access("write")
        improvement = self.env["scm.improvement"]._open_for(
            [
                {
                    "name": f"{self.name}: {self.type_id.name}",
                    "area": "warehouse",
                    "company_id": self.company_id.id,
                    "source_key": f"{self._name},{self.id}",
                    "res_model": self._name,
                    "res_id": self.id,
                    "problem": self.description,
                    "cause": self.cause,
                    "user_id": (self.user_id or self.env.user).id,
                }
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.improvement",
            "res_id": improvement.id,
            "views": [(False, "form")],
        }

    def action_open_improvements(self):
        """List its improvements."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Improvements"),
            "res_model": "scm.improvement",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "views": [(False, "list"), (False, "form")],
        }
