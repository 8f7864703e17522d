from odoo import fields, models


class ScmCountReject(models.TransientModel):
    """Why a count is not believed or not made, and whether it is made again."""

    _name = "scm.count.reject"
    _description = "Reject or Cancel Counts"

    task_ids = fields.Many2many("scm.count.task", default=lambda self: self.env.context.get("active_ids"))
    reason = fields.Text(required=True)
    mode = fields.Selection(
        [("again", "Count again, by another person"), ("stop", "Cancel: correct nothing")],
        required=True,
        default="again",
    )

    def action_reject(self):
        waiting = self.task_ids.filtered(lambda task: task.state == "approval")
        if waiting:
            waiting.reject(waiting.ids, self.reason, again=self.mode == "again")
        rest = self.task_ids - waiting
        if rest:
            rest.cancel(rest.ids, self.reason)
        return {"type": "ir.actions.act_window_close"}
