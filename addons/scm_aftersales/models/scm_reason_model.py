from odoo import fields, models


class ScmReasonModel(models.Model):
    """What was learnt from labelled texts, how well it does, and since when."""

    _name = "scm.reason.model"
    _description = "Learnt Reasons"
    _order = "id DESC"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, help="Empty: learnt from the shipped examples only, for all."
    )
    active = fields.Boolean(default=True, readonly=True, help="The one in use; older ones keep their figures.")
    date = fields.Datetime("Learnt at", readonly=True, default=fields.Datetime.now)
    own_count = fields.Integer("Own Texts", readonly=True, aggregator=None)
    seed_count = fields.Integer("Shipped Examples", readonly=True, aggregator=None)
    test_count = fields.Integer("Texts Tested", readonly=True, aggregator=None)
    is_own_test = fields.Boolean("Tested on Own Texts", readonly=True)
    accuracy = fields.Float(
        readonly=True, aggregator=None, help="Share of texts whose reason came first, by cross-validation."
    )
    accuracy_low = fields.Float("Accuracy, Low", readonly=True, aggregator=None)
    accuracy_high = fields.Float("Accuracy, High", readonly=True, aggregator=None)
    base_accuracy = fields.Float(
        "Accuracy of Guessing", readonly=True, aggregator=None, help="If always the most frequent reason were said."
    )
    log_loss = fields.Float(readonly=True, aggregator=None, digits=(8, 3))
    report = fields.Json(readonly=True)
    # numbers only, never code: read by the kernel
    weights = fields.Json(readonly=True, prefetch=False, groups="base.group_system")

    _current_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE active", "One set of learnt reasons is in use at a time."
    )
