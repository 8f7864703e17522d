from odoo import fields, models


class ScmTrackingProvider(models.Model):
    _inherit = "scm.tracking.provider"

    poll = fields.Boolean("Ask by Ourselves", help="Ask the provider for news of each open parcel of his carriers.")
    poll_method = fields.Selection(
        [("get", "One parcel per question (GET)"), ("post", "Many parcels per question (POST)")],
        "Way of Asking",
        default="get",
        required=True,
    )
    poll_url = fields.Char(
        "Address to Ask",
        groups="base.group_system",
        help="{tracking} stands for the tracking number and {carrier} for the carrier's code. "
        "Empty for Kuaidi100 and 17TRACK: their own.",
    )
    poll_key = fields.Char("API Key", copy=False, groups="base.group_system")
    poll_key_header = fields.Char(
        "Header of the Key", default="Authorization", groups="base.group_system", help="Only for JSON."
    )
    poll_customer = fields.Char("Customer Number", copy=False, groups="base.group_system", help="Only for Kuaidi100.")
    poll_minutes = fields.Integer(
        "Ask Every (min)", default=60, help="For each parcel; less often while nothing happens to it."
    )
    poll_per_minute = fields.Integer("Questions per Minute", default=60, help="What the provider allows.")
    poll_batch = fields.Integer("Parcels per Question", default=40, help="Only where many are asked at once.")
    poll_timeout = fields.Float("Time-out (s)", default=10.0)

    poll_failures = fields.Integer("Failures in a Row", readonly=True, copy=False)
    poll_error = fields.Char("Last Failure", readonly=True, copy=False)
    poll_failed_at = fields.Datetime("Failed at", readonly=True, copy=False)
    poll_resume_at = fields.Datetime("Asks again at", readonly=True, copy=False)
    poll_ok_at = fields.Datetime("Last Answer", readonly=True, copy=False)
    poll_tokens = fields.Float(readonly=True, copy=False, export_string_translation=False)
    poll_tokens_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)

    _poll_minutes = models.Constraint("CHECK(poll_minutes >= 5)", "Ask every 5 minutes at most.")
    _poll_rate = models.Constraint(
        "CHECK(poll_per_minute BETWEEN 1 AND 6000)", "Questions per minute are between 1 and 6000."
    )
    _poll_batch = models.Constraint("CHECK(poll_batch BETWEEN 1 AND 200)", "A question takes 1 to 200 parcels.")
    _poll_timeout = models.Constraint("CHECK(poll_timeout BETWEEN 1 AND 60)", "The time-out is 1 to 60 seconds.")
