from odoo import api, fields, models

STEPS = [
    ("collect", "Take in"),
    ("cut", "Cut into Words"),
    ("learn", "Learn"),
    ("suggest", "Suggest"),
    ("words", "Compare Words"),
    ("done", "Done"),
]


class ScmFeedbackRun(models.Model):
    """Each night: take in what was said, cut it into words, learn, suggest, find words that stand out."""

    _name = "scm.feedback.run"
    _inherit = "scm.run.mixin"
    _description = "Feedback Run"
    _run_cron = "scm_aftersales.scm_feedback_run_cron"

    step = fields.Selection(STEPS, required=True, readonly=True, default="collect")
    new_count = fields.Integer("Taken in", readonly=True, aggregator=None)
    is_learnt = fields.Boolean("Learnt Again", readonly=True)
    suggested_count = fields.Integer("Looked at for a Reason", readonly=True, aggregator=None)
    word_count = fields.Integer("Words Found", readonly=True, aggregator=None)

    @api.model
    def run_now(self, company_id=False, wait=False):
        """Take in feedback, learn and compare words; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run
        """
        return self._run_now(company_id, wait)

    @api.model
    def action_run(self):
        """Run for the present company in the background, and show the runs. For supply-chain managers."""
        self.run_now()
        return self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_feedback_run_action")

    def _next_batch(self):
        if self.step == "done":
            return 0
        return getattr(self, f"_step_{self.step}")()

    def _to(self, step, **values):
        """Go on with the next step; a step counts as one more that is done."""
        self.write({"step": step, **values})
        return 1

    def _feedback(self):
        return self.env["scm.feedback"].sudo().with_company(self.company_id)  # sudo: a run works for everybody

    def _step_collect(self):
        count = self._feedback()._collect(self.company_id)
        domain = [("company_id", "in", (self.company_id.id, False)), ("terms", "=", False)]
        return self._to("cut", new_count=count, total_count=self._feedback().search_count(domain) + len(STEPS))

    def _step_cut(self):
        return self._feedback()._cut(self.company_id) or self._to("learn")

    def _step_learn(self):
        models_ = self.env["scm.reason.model"].sudo()  # sudo: a run works for everybody
        models_._learn_seed()
        return self._to("suggest", is_learnt=models_._learn(self.company_id))

    def _step_suggest(self):
        count = self._feedback()._suggest_open(self.company_id)
        self.suggested_count += count
        return count or self._to("words")

    def _step_words(self):
        words = self.env["scm.feedback.word"].sudo()  # sudo: a run works for everybody
        return self._to("done", word_count=words._rebuild(self.company_id))

    @api.model
    def _cron_start(self):
        """Queue a run of each company to which something was said or may be."""
        said = self._companies_with("scm.feedback", [("company_id", "!=", False)])
        self._start_each(self._companies_with("scm.return") | said)
