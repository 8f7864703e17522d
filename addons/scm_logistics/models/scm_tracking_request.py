from datetime import timedelta

from odoo import api, fields, models

#: days for which messages are listed
KEEP_DAYS = 30

OUTCOMES = [
    ("ok", "Read"),
    ("partly", "Partly read"),
    ("signature", "Signature wrong"),
    ("stale", "Too old"),
    ("malformed", "Not readable"),
    ("large", "Too large"),
    ("rate", "Too many calls"),
    ("failed", "No answer"),
]


class ScmTrackingRequest(models.Model):
    """One message of a provider, or one round of questions to him, and what came of it. Not what it said."""

    _name = "scm.tracking.request"
    _description = "Message of a Tracking Provider"
    _order = "id DESC"
    _rec_name = "provider_id"

    provider_id = fields.Many2one("scm.tracking.provider", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    create_date = fields.Datetime("Time", readonly=True)
    way = fields.Selection([("webhook", "Webhook"), ("poll", "Asked")], required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    event_count = fields.Integer("Events", readonly=True)
    stored_count = fields.Integer("New", readonly=True)
    repeated_count = fields.Integer("Known", readonly=True)
    orphan_count = fields.Integer("Parcel Unknown", readonly=True)
    unknown_count = fields.Integer("Code Unknown", readonly=True)
    skipped_count = fields.Integer("Left Out", readonly=True)
    milliseconds = fields.Integer("Time Taken (ms)", readonly=True, aggregator="avg")
    detail = fields.Char(readonly=True)

    _provider_idx = models.Index("(provider_id, create_date DESC)")

    @api.autovacuum
    def _gc_requests(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("create_date", "<", limit)], limit=20000)
        old.unlink()
        return len(old), len(old) == 20000
