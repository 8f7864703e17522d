from odoo import api, models
from odoo.tools import SQL


class ScmFindingMeasure(models.AbstractModel):
    """The facts behind one finding."""

    _inherit = "scm.finding.measure"

    @api.model
    def _measure_of(self, finding):
        """The measure that a finding is of, or None."""
        wanted = finding.kind, finding.measure, finding.dimension
        found = (one for one in self._measures().values() if (one.kind, one.measure, one.dimension) == wanted)
        return next(found, None)

    @api.model
    def _subject_sql(self, finding, parts):
        """Condition on the facts of a source: those of the subject of a finding."""
        values = {
            "region_id": finding.state_id.id or -finding.country_id.id,
            "categ_id": finding.categ_id.id,
            "carrier_id": finding.carrier_id.id,
            "partner_id": finding.partner_id.id,
            "warehouse_id": finding.warehouse_id.id,
        }
        return SQL(" AND ").join(SQL("fact.%s = %s", SQL.identifier(part), values[part]) for part in parts)

    @api.model
    def _record_ids(self, finding, most):
        """Ids of the facts of the days looked at: of rates those that were bad, else all."""
        days = finding.company_id, finding.date_from, finding.date_to
        if finding.kind == "peak":
            facts, scope, hit = self._facts("orders", *days), self._subject_sql(finding, ["warehouse_id"]), SQL("TRUE")
        else:
            measure = self._measure_of(finding)
            facts, scope = self._facts(measure.source, *days), self._subject_sql(finding, measure.parts)
            # expressions are constants of the code (scm.finding.measure), never what somebody typed
            hit = SQL("(%s) > 0", SQL(measure.hits if measure.test == "rate" else measure.size))
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT record_id FROM (%s) fact WHERE %s AND %s ORDER BY record_id DESC LIMIT %s",
                facts,
                scope,
                hit,
                most,
            )
        )
        return [record for (record,) in rows]
