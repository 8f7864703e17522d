from odoo import api, models
from odoo.exceptions import AccessError


class ScmLane(models.Model):
    """What the lane matrix shows, and where a lane leads."""

    _inherit = "scm.lane"

    @api.model
    @api.readonly
    def get_matrix(self):
        """Carriers by zones of the current company, from the rebuilt lanes; two queries.

        :return: ``{'carriers': [{'id', 'name', 'cell'}], 'zones': [{'id', 'name'}], 'cells': {'carrier-zone': cell},
            'all': cell or False, 'from', 'to', 'currency_id', 'can_rebuild'}``; a cell is ``{'lane_id', 'sample',
            'median', 'p90', 'late', 'late_raw', 'lost', 'damaged', 'cost', 'cost_kg', 'why'}``
        :raises AccessError: for people without the role
        """
        self.check_access("read")
        company = self.env.company
        lanes = self.search([("company_id", "=", company.id), ("level", "in", ("0", "1", "2"))])
        carriers, zones = lanes.carrier_id, lanes.zone_id.sorted(lambda zone: (zone.sequence, zone.id))
        by_key = {(lane.carrier_id.id, lane.zone_id.id): lane for lane in lanes}
        total = by_key.get((False, False))
        return {
            "carriers": [
                {"id": carrier.id, "name": carrier.name, "cell": by_key[carrier.id, False]._matrix_cell()}
                for carrier in carriers.sorted(lambda carrier: -by_key[carrier.id, False].sample)
            ],
            "zones": [{"id": zone.id, "name": zone.name} for zone in zones],
            "cells": {f"{carrier}-{zone}": lane._matrix_cell() for (carrier, zone), lane in by_key.items() if zone},
            "all": total._matrix_cell() if total else False,
            "from": total.date_from.isoformat() if total else False,
            "to": total.date_to.isoformat() if total else False,
            "currency_id": company.currency_id.id,
            "can_rebuild": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    def _matrix_cell(self):
        return {
            "lane_id": self.id,
            "sample": self.sample,
            "median": self.transit_median,
            "p90": self.transit_p90,
            "late": self.late_rate,
            "late_raw": self.late_rate_raw,
            "lost": self.lost_rate,
            "damaged": self.damaged_rate,
            "cost": self.cost_parcel,
            "cost_kg": self.cost_kg,
            "why": self.why or False,
        }

    def action_open_parcels(self):
        """The parcels that a lane was measured from."""
        self.ensure_one()
        self.check_access("read")
        domain = [
            ("company_id", "=", self.company_id.id),
            ("direction", "=", "out"),
            ("carrier_id", "!=", False),
            ("date_handed", ">=", self.date_from),
        ]
        for name in ("carrier_id", "warehouse_id", "zone_id", "band_id"):
            if self[name]:
                domain.append((name, "=", self[name].id))
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "scm.parcel",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
        }

    @api.model
    def rebuild_now(self):
        """Measure the lanes of the current company again.

        :return: count of lanes
        :raises AccessError: for who is no supply chain manager
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Lanes are measured again by supply chain managers."))
        # sudo: the role was checked above; lanes belong to the system, nobody writes them by hand
        return self.sudo()._rebuild(self.env.company)
