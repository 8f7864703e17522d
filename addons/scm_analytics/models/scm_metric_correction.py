from odoo import fields, models


class ScmMetricCorrection(models.Model):
    """What a frozen day turned out to be, once late facts had come. Rows stay as they are."""

    _name = "scm.metric.correction"
    _description = "Correction of a Frozen Value"
    _log_access = False
    _order = "date_found desc, id desc"
    _rec_name = "snapshot_id"

    snapshot_id = fields.Many2one("scm.metric.snapshot", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    date_found = fields.Datetime("Found on", required=True, readonly=True)
    numerator = fields.Float(readonly=True)
    denominator = fields.Float(readonly=True)
    sample = fields.Integer("n", readonly=True)
    value_before = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    value = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    restatement_id = fields.Many2one("scm.metric.restatement", readonly=True, ondelete="set null")

    _found_idx = models.Index("(company_id, date_found)")
