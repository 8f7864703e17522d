from odoo import api, fields, models


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    scm_not_applicable = fields.Boolean("Not Applicable", help="Who chooses it is not judged by this question.")

    @api.model_create_multi
    def create(self, vals_list):
        questions = self.env["survey.question"].browse({vals.get("question_id") for vals in vals_list} - {None, False})
        questions.survey_id._scm_check_open()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - {"value", "value_image", "value_image_filename"}:
            self.question_id.survey_id._scm_check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_use(self):
        self.question_id.survey_id._scm_check_open()
