from odoo import fields, models


class ScmEventWatch(models.Model):
    """An occurrence of an event as one company sees it: what was expected when it began, and how far it was read.

    What was expected is frozen: a forecast that learns from the event's first days must not become the yardstick.
    """

    _name = "scm.event.watch"
    _description = "Watched Event"
    _order = "date_start desc, id desc"
    _rec_name = "occurrence_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    occurrence_id = fields.Many2one(
        "scm.event.occurrence", required=True, readonly=True, ondelete="cascade", index=True
    )
    event_id = fields.Many2one(related="occurrence_id.event_id", store=True, index=True)
    date_start = fields.Datetime("Begins", required=True, readonly=True, help="Where the first warehouse begins.")
    date_end = fields.Datetime("Ends", required=True, readonly=True, help="Where the last warehouse ends.")
    basis = fields.Selection(
        [
            ("forecast", "Published forecast"),
            ("replay", "Forecast computed with what was known then"),
            ("level", "Sales of the weeks before, raised as in past events"),
        ],
        "Expected from",
        readonly=True,
        help="Empty: nothing is expected yet, only facts were read.",
    )
    run_id = fields.Many2one("scm.forecast.run", "Forecast", readonly=True, index="btree_not_null")
    profile = fields.Json(readonly=True, help="Per warehouse the share of each hour in the units of the event.")
    regions = fields.Json(readonly=True, help="Per warehouse the share of each region in the units.")
    order_units = fields.Float("Units per Order", readonly=True)
    unit_dispersion = fields.Float(
        "Dispersion of Units", readonly=True, help="Variance over mean of the units of an hour: units come in orders."
    )
    money_dispersion = fields.Float("Dispersion of Revenue", readonly=True, help="The same of revenue, in money.")
    profile_spread = fields.Float(
        readonly=True, digits=(16, 6), help="How much the share sold by an hour differs between events, squared."
    )
    level_error = fields.Float(
        "Error of the Expected", readonly=True, help="0.3: events sell 30 % more or less than expected."
    )
    past_count = fields.Integer("Learned From", readonly=True, help="Past occurrences of the event.")
    date_frozen = fields.Datetime("Expected since", readonly=True)
    date_read = fields.Datetime("Read", readonly=True, help="Facts are complete up to here.")
    watermark = fields.Datetime(readonly=True)
    last_line_id = fields.Integer(readonly=True)

    _occurrence_uniq = models.Constraint(
        "UNIQUE(occurrence_id, company_id)", "This company watches the occurrence already."
    )
