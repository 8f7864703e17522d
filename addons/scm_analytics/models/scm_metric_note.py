from odoo import api, fields, models
from odoo.exceptions import UserError


class ScmMetricNote(models.Model):
    """Why a figure is what it is, said by somebody, with who looks after it."""

    _name = "scm.metric.note"
    _description = "Cause Note of a Metric"
    _order = "date desc, id desc"
    _rec_name = "text"
    _check_company_auto = True

    metric_id = fields.Many2one("scm.metric", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    date = fields.Date("Day", required=True, default=fields.Date.context_today)
    text = fields.Text("Cause", required=True)
    user_id = fields.Many2one(
        "res.users", "Owner", required=True, domain=[("share", "=", False)], default=lambda self: self.env.user
    )
    improvement_id = fields.Many2one("scm.improvement", check_company=True, ondelete="set null")

    @api.model
    def write_note(self, code, date, text, user_id=False):
        """Say why a figure of a day is what it is; public, also over RPC. For supply-chain users.

        :param code: of the metric
        :param date: the day, as ISO text
        :param text: the cause; it replaces what the same person said of the same day
        :param user_id: who looks after it, by default the one who writes
        :return: id of the note
        :raises UserError: when there is no such metric or the text is empty
        """
        metrics = self.env["scm.metric"]
        metrics._check_reader()
        metric = metrics._of_code(code)
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("%(metric)s: write what the cause was.", metric=metric.name))
        day = metrics._parse_day(date)
        values = {"text": text.strip(), "user_id": int(user_id or self.env.uid)}
        key = [
            ("metric_id", "=", metric.id),
            ("company_id", "=", self.env.company.id),
            ("date", "=", day),
            ("create_uid", "=", self.env.uid),
        ]
        note = self.search(key, limit=1)
        if note:
            note.write(values)
        else:
            note = self.create({**values, "metric_id": metric.id, "date": day})
        return note.id

    def action_improve(self):
        """Open an improvement for the cause, or show the one there is."""
        self.ensure_one()
        self.check_access("write")
        self.env["scm.improvement"].check_access("create")
        if not self.improvement_id:
            [self.improvement_id] = self.env["scm.improvement"]._open_for(
                [
                    {
                        "name": self.env._("%(metric)s: %(cause)s", metric=self.metric_id.name, cause=self.text[:80]),
                        "area": self.metric_id.area,
                        "company_id": self.company_id.id,
                        "problem": self.text,
                        "user_id": self.user_id.id,
                        "res_model": self._name,
                        "res_id": self.id,
                        "source_key": f"metric_note:{self.id}",
                    }
                ]
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.improvement",
            "res_id": self.improvement_id.id,
            "views": [(False, "form")],
        }
