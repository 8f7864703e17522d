from odoo import fields, models

CRITERION_AREAS = [
    ("delivery", "Delivery"),
    ("quality", "Quality"),
    ("response", "Response"),
    ("cooperation", "Cooperation"),
    ("price", "Price"),
]


class ScmScorecardCriterion(models.Model):
    """One measure of a scorecard: what it counts, over which window, and what it leaves out."""

    _name = "scm.scorecard.criterion"
    _description = "Scorecard Criterion"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, help="Name by which the kernel knows the measure.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    area = fields.Selection(CRITERION_AREAS, required=True)
    unit = fields.Char(help="percent, ppm, days or hours")
    direction = fields.Selection(
        [("higher", "More is better"), ("lower", "Less is better")], required=True, default="higher"
    )
    formula = fields.Text(translate=True, help="The formula in words.")
    window = fields.Char(translate=True, help="Which documents of the period count, and by which day.")
    exclusions = fields.Text(translate=True, help="What is left out.")
    method = fields.Char(help="How small samples are shrunk toward the supplier group.")
    minimum_sample = fields.Integer(
        "Small Sample Below", default=5, aggregator=None, help="With fewer facts the figure is marked as uncertain."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a criterion with this code.")
