from collections import defaultdict

from odoo import api, models


class ScmImprovement(models.Model):
    """What improvements of packing and of the flow should move: per parcel, and hours from order to door.

    Parcels and orders of a day share people, goods and trucks, so a day of a warehouse is the cluster.
    """

    _inherit = "scm.improvement"

    @api.model
    def _metrics(self):
        packing = {"kind": "mean", "better": -1, "source": "packaging", "cluster": "days"}
        return {
            **super()._metrics(),
            "packaging_kg": {"label": self.env._("Packaging per parcel"), "unit": "kg", "smallest": 0.01, **packing},
            "packaging_co2e": {"label": self.env._("CO2e per parcel"), "unit": "kg", "smallest": 0.02, **packing},
            "packaging_cost": {
                "label": self.env._("Cost of packing per parcel"),
                "unit": "money",
                "smallest": 0.05,
                **packing,
            },
            "order_cycle_hours": {
                "label": self.env._("Order cycle, order to door"),
                "unit": "hours",
                "kind": "mean",
                "better": -1,
                "smallest": 1.0,
                "source": "order_cycle",
                "cluster": "days",
            },
        }

    def _observe_packaging(self):
        """``{improvement id: (before, after)}``, kilograms, emissions or money and parcels a day, by one query."""
        # sudo: sums of packing, no documents; who may measure was checked by the caller
        groups = self.env["scm.packaging.fact"].sudo()._read_group(
            [
                ("company_id", "in", self.company_id.ids),
                ("parcels", ">", 0),
                ("date", ">=", min(self.mapped("baseline_from"))),
                ("date", "<=", max(self.mapped("after_to"))),
            ],
            ["company_id", "warehouse_id", "date:day"],
            ["material_kg:sum", "co2e_kg:sum", "cost:sum", "parcels:sum"],
        )  # fmt: skip
        names = ("packaging_kg", "packaging_co2e", "packaging_cost")
        rows = defaultdict(list)
        for company, warehouse, day, *totals, parcels in groups:
            rows[company.id].append((warehouse.id, day, dict(zip(names, totals, strict=True)), parcels))
        return {one.id: one._day_phases(rows[one.company_id.id]) for one in self}

    def _observe_order_cycle(self):
        """``{improvement id: (before, after)}``, each hours and deliveries per day on which they left, by one query."""
        # sudo: sums of hours, no documents; who may measure was checked by the caller
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "in", self.company_id.ids)])
        facts = self.env["scm.flow.fact"].sudo()  # sudo: as above
        groups = facts._read_group(
            [
                ("warehouse_id", "in", warehouses.ids),
                ("stage", "=", "ship"),
                ("is_return", "=", False),
                ("done_date", ">=", min(self.mapped("baseline_from"))),
                ("done_date", "<=", max(self.mapped("after_to"))),
            ],
            ["company_id", "warehouse_id", "done_date:day"],
            ["cycle_hours:sum", "cycle_hours:count"],
        )
        rows = defaultdict(list)
        for company, warehouse, day, hours, count in groups:
            rows[company.id].append((warehouse.id, day, {"order_cycle_hours": hours}, count))
        return {one.id: one._day_phases(rows[one.company_id.id]) for one in self}

    def _day_phases(self, rows):
        """``(before, after)`` of rows ``(warehouse id, day, totals, count)`` in the warehouse of the zone, or all."""
        warehouse = self.scm_zone_id.warehouse_id.id
        phases = []
        for start, end in ((self.baseline_from, self.baseline_to), (self.after_from, self.after_to)):
            kept = [row for row in rows if start <= row[1] <= end and (not warehouse or row[0] == warehouse)]
            phases.append(([row[2][self.metric] or 0.0 for row in kept], [row[3] for row in kept]))
        return tuple(phases)
