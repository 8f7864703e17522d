from datetime import date, timedelta

import numpy as np
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestEventSupply(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = cls.env["scm.event"]
        cls.events.search([]).active = False
        cls.china, cls.taiwan = cls.env.ref("base.cn"), cls.env.ref("base.tw")
        cls.factory, cls.island, cls.local = cls.env["res.partner"].create(
            [
                {"name": "Factory", "is_company": True, "country_id": cls.china.id},
                {"name": "Island", "is_company": True, "country_id": cls.taiwan.id},
                {"name": "Local", "is_company": True},
            ]
        )
        cls.vendors = cls.factory + cls.island + cls.local

    def _shutdown(self, first, last, **values):
        days = {"date_start": first, "date_end": last}
        values = {"name": "Closed", "kind": "shutdown", "occurrence_ids": [Command.create(days)]} | values
        return self.events.create(values)

    def _closed(self, vendor, company=None, vendors=None, date_from=date(2027, 1, 1), days=60):
        calendar, rows = self.events._supply_calendar(
            company or self.company_a, (vendors or self.vendors).ids, date_from, date_from + timedelta(days=days)
        )
        row = rows.get(vendor.id, -1)
        return np.flatnonzero(calendar.closed[row]).tolist() if row >= 0 else []

    def test_by_country_by_vendor_and_for_all(self):
        event = self._shutdown(date(2027, 1, 3), date(2027, 1, 5), country_ids=[Command.link(self.china.id)])
        self.assertEqual([self._closed(vendor) for vendor in self.vendors], [[2, 3, 4], [], []])
        event.partner_ids = self.local
        self.assertEqual([self._closed(vendor) for vendor in self.vendors], [[2, 3, 4], [], [2, 3, 4]])
        event.open_partner_ids = self.factory
        self.assertEqual([self._closed(vendor) for vendor in self.vendors], [[], [], [2, 3, 4]])
        event.write({"country_ids": [Command.clear()], "partner_ids": [Command.clear()]})
        self.assertEqual([self._closed(vendor) for vendor in self.vendors], [[], [2, 3, 4], [2, 3, 4]])

    def test_contact_of_a_firm_closes_with_it(self):
        contact = self.env["res.partner"].create({"name": "Ms Li", "parent_id": self.factory.id})
        self._shutdown(date(2027, 1, 3), date(2027, 1, 3), partner_ids=[Command.link(contact.id)])
        self.assertEqual(self._closed(self.factory), [2])
        self.assertEqual(self._closed(contact, vendors=contact), [2])

    def test_of_other_companies_archived_and_demand_events_do_not_count(self):
        self._shutdown(date(2027, 1, 3), date(2027, 1, 3), company_id=self.company_b.id)
        self._shutdown(date(2027, 1, 4), date(2027, 1, 4), active=False)
        self._shutdown(date(2027, 1, 5), date(2027, 1, 5), kind="feast")
        self.assertEqual(self._closed(self.local), [])
        self.assertEqual(self._closed(self.local, self.company_b), [2])

    def test_overlapping_shutdowns_and_those_that_reach_over_the_ends(self):
        self._shutdown(date(2026, 12, 20), date(2027, 1, 2))
        self._shutdown(date(2027, 1, 2), date(2027, 1, 4))
        self._shutdown(date(2027, 1, 9), date(2027, 3, 1))
        self.assertEqual(self._closed(self.local, days=9), [0, 1, 2, 3, 8, 9])

    def test_lead_in_takes_no_orders(self):
        self._shutdown(date(2027, 1, 11), date(2027, 1, 20), lead_in_days=5)
        self._shutdown(date(2027, 3, 5), date(2027, 3, 20), lead_in_days=10)
        calendar, rows = self.events._supply_calendar(
            self.company_a, self.local.ids, date(2027, 1, 1), date(2027, 2, 28)
        )
        waiting = np.flatnonzero(calendar.no_intake[rows[self.local.id]])
        self.assertEqual(waiting.tolist(), [5, 6, 7, 8, 9, *range(53, 59)])

    def test_shipped_lunar_new_year(self):
        shipped = [self.env.ref(f"scm_planning.scm_event_lunar_new_year_shutdown_{code}") for code in ("cn", "tw")]
        with self._at(self.TODAY):
            for event in shipped:
                event.active = True
                event._ensure_occurrences()
        self.assertEqual(self._closed(self.factory), list(range(29, 50)))
        self.assertEqual(self._closed(self.island), list(range(34, 43)))
        self.assertEqual(self._closed(self.local), [])

    def test_as_many_queries_for_many_vendors_as_for_few(self):
        in_china = [Command.link(self.china.id)]
        for number in range(3):
            self._shutdown(date(2027, 1, 3 + number), date(2027, 1, 5 + number), country_ids=in_china)
        many = self.env["res.partner"].create([{"name": f"V{n}", "country_id": self.china.id} for n in range(40)])
        period = (date(2027, 1, 1), date(2027, 6, 1))
        few = self._query_count(self.events._supply_calendar, self.company_a, self.vendors.ids, *period)
        self.assertEqual(few, self._query_count(self.events._supply_calendar, self.company_a, many.ids, *period))
