from odoo import api, fields, models

#: what may be changed while suppliers answer: spelling and pictures, not the meaning
_FREE_FIELDS = {"title", "description", "question_placeholder", "background_image", "constr_error_msg"}


class SurveyQuestion(models.Model):
    """How a question counts when a supplier is qualified by it."""

    _inherit = "survey.question"

    scm_code = fields.Char("Code", help="Names the question in files, in every language.")
    scm_weight = fields.Float("Weight", default=1.0, help="How much it counts within its section.")
    scm_critical = fields.Boolean("Critical", help='One "no", or no answer, rejects the supplier.')
    scm_template_state = fields.Char(compute="_compute_scm_template_state")

    _scm_weight_positive = models.Constraint(
        "CHECK(scm_weight IS NULL OR scm_weight > 0)", "The weight of a question must be above 0."
    )

    @api.depends("survey_id")
    def _compute_scm_template_state(self):
        # sudo: only the state is taken, and whoever sees the question may know it
        templates = self.env["scm.supplier.template"].sudo().search([("survey_id", "in", self.survey_id.ids)])
        states = {template.survey_id.id: template.state for template in templates}
        for question in self:
            question.scm_template_state = states.get(question.survey_id.id, False)

    @api.model_create_multi
    def create(self, vals_list):
        self.env["survey.survey"].browse({vals.get("survey_id") for vals in vals_list} - {None})._scm_check_open()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - _FREE_FIELDS:
            self.survey_id._scm_check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_use(self):
        self.survey_id._scm_check_open()

    def _scm_choices(self):
        """The answers that are judged."""
        return self.suggested_answer_ids.filtered(lambda answer: not answer.scm_not_applicable)

    def _scm_best(self):
        """Points of the best answer; 0 for questions that are only asked for information."""
        if self.question_type == "simple_choice":
            return max(self._scm_choices().mapped("answer_score"), default=0.0)
        if self.question_type == "multiple_choice":
            return sum(score for score in self._scm_choices().mapped("answer_score") if score > 0)
        if self.question_type == "scale":
            return float(self.scale_max)
        return 0.0

    def _scm_critical_problems(self):
        """What keeps a critical question from deciding, in words."""
        name, problems = self.scm_code or self.title, []
        if self._scm_best() <= 0:
            problems.append(self.env._("critical question “%(name)s” has no answer with a score.", name=name))
        if self.suggested_answer_ids.filtered("scm_not_applicable"):
            problems.append(self.env._("critical question “%(name)s” must not offer “not applicable”.", name=name))
        if not self.constr_mandatory:
            problems.append(self.env._("critical question “%(name)s” must be mandatory.", name=name))
        if self.triggering_answer_ids:
            problems.append(self.env._("critical question “%(name)s” must not depend on another answer.", name=name))
        return problems
