from odoo import models


class ScmFeedbackRun(models.Model):
    """Each night: take in what was said, cut it into words, learn, suggest, find words that stand out."""

    _name = "scm.feedback.run"
    _inherit = "scm.run.mixin"
    _description = "Feedback Run"
