"""The supply side of events: which vendor is closed when."""

import numpy as np
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..kernel.supply_calendar import SupplyCalendar


class ScmEvent(models.Model):
    _inherit = "scm.event"

    open_partner_ids = fields.Many2many(
        "res.partner",
        "scm_event_open_partner_rel",
        string="Works through",
        help="Vendors that a shut-down of their country does not stop.",
    )

    @api.model
    def _shutdown_domain(self, company):
        return Domain("kind", "=", "shutdown") & Domain("company_id", "in", [False, company.id])

    @api.model
    def _supply_calendar(self, company, vendor_ids, date_from, date_to):
        """When vendors are closed, as the kernel reads it, in a constant number of queries.

        A shut-down stops the vendors that it names (with all contacts of the same firm) and those of its countries;
        one that names neither stops everybody. In its lead-in days a vendor works but starts no new order.

        :param vendor_ids: ids of ``res.partner``
        :return: (:class:`SupplyCalendar` from ``date_from`` to ``date_to``, {vendor id: row}); a vendor that no
            shut-down touches in these days has no row: take row -1 for it
        """
        events = self.search(self._shutdown_domain(company))
        by_event = events._occurrences_between(company, date_from, date_to)
        vendors = self._vendor_places(vendor_ids)
        stopped = {event: event._stopped_vendors(vendors) for event in events if by_event[event.id]}
        touched = sorted(set().union(*stopped.values()))
        rows = {vendor_id: row for row, vendor_id in enumerate(touched)}
        closed, no_intake = np.zeros((2, len(rows), (date_to - date_from).days + 1), bool)
        for event, vendor_set in stopped.items():
            chosen = [rows[vendor_id] for vendor_id in vendor_set]
            for occurrence in by_event[event.id]:
                first, last = ((day - date_from).days for day in (occurrence.date_start, occurrence.date_end))
                closed[chosen, max(first, 0) : max(last + 1, 0)] = True
                no_intake[chosen, max(first - event.lead_in_days, 0) : max(first, 0)] = True
        return SupplyCalendar(date_from, closed, no_intake), rows

    @api.model
    def _vendor_places(self, vendor_ids):
        """{vendor id: (id of its firm, id of its country or None)}; a contact without a country has its firm's."""
        self.env["res.partner"].flush_model(["commercial_partner_id", "country_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, COALESCE(p.commercial_partner_id, p.id), COALESCE(p.country_id, firm.country_id)
                  FROM res_partner p
             LEFT JOIN res_partner firm ON firm.id = p.commercial_partner_id
                 WHERE p.id = ANY(%s)
                """,
                list({int(vendor_id) for vendor_id in vendor_ids if vendor_id}),
            )
        )
        return {vendor_id: (firm_id, country_id) for vendor_id, firm_id, country_id in rows}

    def _stopped_vendors(self, vendors):
        """Ids of those among ``vendors`` (see :meth:`_vendor_places`) that the shut-down stops."""
        self.ensure_one()
        named, open_firms = self._firms(self.partner_ids), self._firms(self.open_partner_ids)
        countries = set(self.country_ids.ids)
        everybody = not named and not countries
        return {
            vendor_id
            for vendor_id, (firm_id, country_id) in vendors.items()
            if firm_id in named or (firm_id not in open_firms and (everybody or country_id in countries))
        }

    @staticmethod
    def _firms(partners):
        # sudo: only ids are compared; a planner need not be allowed to open each contact
        return set(partners.sudo().commercial_partner_id.ids)
