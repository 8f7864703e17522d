from odoo import api, fields, models
from odoo.tools import SQL

#: what a value can be of, beside the whole company: key, column of a source
DIMENSIONS = [
    ("total", "Company"),
    ("warehouse", "Warehouse"),
    ("category", "Product Category"),
    ("region", "Region"),
    ("carrier", "Carrier"),
    ("partner", "Supplier"),
]
#: records of the dimensions that are records; regions are of two models
MODELS = {
    "warehouse": "stock.warehouse",
    "category": "product.category",
    "carrier": "delivery.carrier",
    "partner": "res.partner",
}


class ScmMetricSnapshot(models.Model):
    """Value of a metric on a day, of the company or of one part of it, as it was first known.

    It never changes: what comes to light later is a correction beside it, and a restatement, which a manager asks for
    with a reason, keeps what it replaces.
    """

    _name = "scm.metric.snapshot"
    _description = "Frozen Value of a Metric"
    _log_access = False
    _order = "date desc, metric_id, id"
    _rec_name = "metric_id"

    metric_id = fields.Many2one("scm.metric", required=True, readonly=True, ondelete="restrict")
    version = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    date = fields.Date("Day", required=True, readonly=True)
    dimension = fields.Selection(DIMENSIONS, required=True, readonly=True)
    subject_id = fields.Integer(readonly=True, aggregator=None, help="Record that the value is of; 0: the company.")
    subject = fields.Char("Of", compute="_compute_subject")
    numerator = fields.Float(readonly=True)
    denominator = fields.Float(readonly=True)
    sample = fields.Integer("n", readonly=True, help="Records that the value is made of.")
    value = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    known_value = fields.Float(
        "As Known Now", readonly=True, aggregator=None, digits=(16, 4), help="With what came to light later."
    )
    known_numerator = fields.Float("Numerator Now", readonly=True)
    known_denominator = fields.Float("Denominator Now", readonly=True)
    correction_ids = fields.One2many("scm.metric.correction", "snapshot_id", "Corrections", readonly=True)
    date_frozen = fields.Datetime("Frozen on", readonly=True)
    is_filled_in = fields.Boolean(
        "Filled in Later", readonly=True, help="Read from the records when the metric was new, not on its day."
    )

    _one = models.UniqueIndex("(metric_id, company_id, dimension, subject_id, date)")
    _day_idx = models.Index("(company_id, metric_id, date)")

    @api.depends("dimension", "subject_id")
    def _compute_subject(self):
        for dimension, rows in self.grouped("dimension").items():
            names = self._subject_names(dimension, rows.mapped("subject_id"))
            for row in rows:
                row.subject = names.get(row.subject_id) or (
                    row.company_id.name if dimension == "total" else self.env._("None")
                )

    @api.model
    def _subject_names(self, dimension, ids):
        """``{subject id: name}`` of the parts of a dimension that still exist."""
        if dimension == "region":
            return self._region_names(ids)
        if dimension not in MODELS:
            return {}
        # sudo: the name of what a readable value is of; the record itself stays closed
        records = self.env[MODELS[dimension]].sudo().browse([each for each in ids if each]).exists()
        return {record.id: record.display_name for record in records}

    @api.model
    def _region_names(self, ids):
        """Regions are states (id above 0) or countries without states (id below 0)."""
        states = self.env["res.country.state"].browse([each for each in ids if each > 0]).exists()
        countries = self.env["res.country"].browse([-each for each in ids if each < 0]).exists()
        return {
            **{state.id: f"{state.name}, {state.country_id.code}" for state in states},
            **{-country.id: country.name for country in countries},
        }

    @api.model
    def _series(self, metrics, company, first, last, dimension="total", subjects=None):
        """Rows ``(metric id, subject id, date, numerator, denominator, sample)`` as known now, by one query."""
        self.env["scm.metric.snapshot"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT metric_id, subject_id, date, known_numerator, known_denominator, sample
                     FROM scm_metric_snapshot
                    WHERE metric_id = ANY(%s) AND company_id = %s AND dimension = %s AND date BETWEEN %s AND %s
                      AND (%s OR subject_id = ANY(%s))
                    ORDER BY metric_id, subject_id, date""",
                metrics.ids,
                company.id,
                dimension,
                first,
                last,
                subjects is None,
                list(subjects or []),
            )
        )
