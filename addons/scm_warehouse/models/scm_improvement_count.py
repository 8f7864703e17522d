from collections import defaultdict

from odoo import api, fields, models


class ScmImprovement(models.Model):
    """Improvements that should make the books of the stock more accurate."""

    _inherit = "scm.improvement"

    scm_zone_id = fields.Many2one(
        "stock.location",
        "Zone",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Of counts: only those in this part of the warehouse. Empty: all.",
    )

    @api.model
    def _metrics(self):
        return {
            **super()._metrics(),
            "inventory_accuracy": {
                "label": self.env._("Accuracy of stock records"),
                "unit": "percent",
                "kind": "rate",
                "better": 1,
                "smallest": 0.01,
                "source": "counts",
            },
        }

    def _observe_counts(self):
        """``{improvement id: (before, after)}``, each sums and counts per count of a place, in one query.

        Records of one place are counted together, so they are one cluster. Counts that somebody asked for because he
        doubted the book are left out.
        """
        # sudo: shares of counts, no documents; who may measure was checked by the caller
        groups = self.env["scm.count.accuracy"].sudo()._read_group(
            [
                ("company_id", "in", self.company_id.ids),
                ("origin", "in", ("plan", "manual")),
                ("date", ">=", min(self.mapped("baseline_from"))),
                ("date", "<=", max(self.mapped("after_to"))),
            ],
            ["company_id", "zone_id", "product_id", "task_id", "date:day"],
            ["accurate:sum", "count:sum"],
        )  # fmt: skip
        rows = defaultdict(list)
        for company, zone, product, task, day, accurate, count in groups:
            rows[company.id].append((zone.id, product.id, task.id, day, accurate, count))
        return {one.id: one._count_phases(rows[one.company_id.id]) for one in self}

    def _count_phases(self, rows):
        zone, product = self.scm_zone_id.id, self.product_id.id
        rows = [row for row in rows if (not zone or row[0] == zone) and (not product or row[1] == product)]
        phases = []
        for start, end in ((self.baseline_from, self.baseline_to), (self.after_from, self.after_to)):
            totals = defaultdict(lambda: [0.0, 0.0])
            for _zone, _product, task, day, accurate, count in rows:
                if start <= day <= end:
                    totals[task][0] += accurate
                    totals[task][1] += count
            phases.append(tuple(map(list, zip(*totals.values(), strict=True))) if totals else ([], []))
        return tuple(phases)
