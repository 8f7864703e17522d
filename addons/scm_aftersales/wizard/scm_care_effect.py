from odoo import api, fields, models

MEASURES = [("returns", "Returns of the Order"), ("tickets", "Tickets"), ("repeat", "Another Order")]


class ScmCareEffect(models.TransientModel):
    """Rows of the page that shows what a rule did."""

    _name = "scm.care.effect"
    _description = "Effect of Proactive Care"
    _order = "days, id"

    measure = fields.Selection(MEASURES, readonly=True)
    days = fields.Integer("Within Days", readonly=True, aggregator=False)
    treated = fields.Integer("Orders Taken Care of", readonly=True, aggregator=False)
    held_out = fields.Integer("Orders Left Alone", readonly=True, aggregator=False)
    share_treated = fields.Float("Taken Care of", readonly=True, aggregator=False)
    share_held_out = fields.Float("Left Alone", readonly=True, aggregator=False)
    difference = fields.Float(readonly=True, aggregator=False, help="Taken care of less left alone.")
    low = fields.Float("From", readonly=True, aggregator=False, help="Lower end of the 95 % interval (Newcombe 1998).")
    high = fields.Float("To", readonly=True, aggregator=False, help="Upper end of the 95 % interval (Newcombe 1998).")
    verdict = fields.Selection(
        [("less", "Fewer"), ("more", "More"), ("open", "Not Certain yet"), ("no_data", "Not Enough Data")],
        readonly=True,
    )
    is_good = fields.Boolean(compute="_compute_is_good")

    @api.depends("measure", "verdict")
    def _compute_is_good(self):
        for line in self:
            line.is_good = line.verdict == ("more" if line.measure == "repeat" else "less")
