from odoo import models


class ScmTrackingPoll(models.Model):
    """One round of asking the providers of a company for news of its open parcels."""

    _name = "scm.tracking.poll"
    _inherit = "scm.run.mixin"
    _description = "Round of Tracking"
    _run_cron = "scm_logistics.scm_tracking_poll_cron"
