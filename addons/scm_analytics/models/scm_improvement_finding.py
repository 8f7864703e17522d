"""Effect of an improvement that was opened for a finding: the same weekly figures, before and after."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class ScmImprovement(models.Model):
    _inherit = "scm.improvement"

    scm_change_id = fields.Many2one(
        "scm.finding", "Finding of the Night", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _metrics(self):
        rate = {"unit": "percent", "kind": "rate", "better": -1, "source": "findings"}
        return {
            **super()._metrics(),
            "finding_late": {"label": self.env._("Parcels late"), "smallest": 0.02, **rate},
            "finding_transit": {"label": self.env._("Days on the way"), "smallest": 0.25, **rate}
            | {"unit": "days", "kind": "mean"},
            "finding_rejected": {"label": self.env._("Units refused at receipt"), "smallest": 0.005, **rate},
            "finding_return_rate": {"label": self.env._("Units returned, of the finding"), "smallest": 0.005, **rate},
            "finding_revenue": {"label": self.env._("Share of the company's revenue"), "smallest": 0.005, **rate}
            | {"better": 1},
        }

    def _observe_findings(self):
        """``{improvement id: (before, after)}``: sums and counts per week, for all of these in one query.

        Without a finding they are of the supplier of the improvement, else of the whole company.
        """
        self.env.cr.execute("SET LOCAL jit = off")
        parts = [SQL("SELECT %s, weekly.* FROM (%s) weekly", one.id, one._weekly_sql()) for one in self]
        found = defaultdict(lambda: {"before": ([], []), "after": ([], [])})
        for improvement, phase, total, count in self.env.execute_query(SQL(" UNION ALL ").join(parts)):
            found[improvement][phase][0].append(float(total or 0.0))
            found[improvement][phase][1].append(float(count or 0.0))
        return {one.id: (found[one.id]["before"], found[one.id]["after"]) for one in self}

    def _weekly_sql(self):
        """Rows (phase, total, count) per week of the measure of one improvement."""
        # sudo: sums of the company's facts, for people who may measure its improvements
        reader = self.env["scm.finding.measure"].sudo().with_company(self.company_id)
        measure, scope = self._observed(reader)
        # expressions are constants of the code (scm.finding.measure), never what somebody typed
        hits, size = SQL(measure.hits), SQL(measure.size)
        count = SQL("SUM((%s)::float8)", hits if measure.test == "growth" else size)
        part = scope if measure.test == "growth" else SQL("TRUE")
        return SQL(
            """SELECT CASE WHEN day <= %(before)s THEN 'before' ELSE 'after' END AS phase,
                      SUM((%(hits)s)::float8) FILTER (WHERE %(part)s AND (%(size)s) > 0) AS total, %(count)s AS count
                 FROM (%(facts)s) fact
                WHERE %(rest)s AND (day <= %(before)s OR day >= %(after)s)
                GROUP BY 1, date_trunc('week', day)""",
            before=self.baseline_to,
            after=self.after_from,
            hits=hits,
            size=size,
            part=part,
            count=count,
            rest=SQL("TRUE") if measure.test == "growth" else scope,
            facts=reader._facts(measure.source, self.company_id, self.baseline_from, self.after_to),
        )

    def _observed(self, reader):
        """The measure that is observed, and the condition on its facts."""
        finding = self.scm_change_id.sudo()  # sudo: of what it is, for a condition
        wanted = self.metric.removeprefix("finding_")
        if finding and finding.measure == wanted:
            measure = reader._measure_of(finding)
            return measure, reader._subject_sql(finding, measure.parts)
        measure = next(one for one in reader._measures().values() if one.measure == wanted)
        partner = self.partner_id.commercial_partner_id
        return measure, SQL("fact.partner_id = %s", partner.id) if partner else SQL("TRUE")
