from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestEventProposal(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proposals = cls.env["scm.event.proposal"]
        cls.toys = cls.env["product.category"].create({"name": "Toys"})
        cls.doll, cls.car = cls._create_product("Doll", categ_id=cls.toys.id), cls._create_product("Car")
        cls.pricelist = cls._create_list("Web shop")

    @classmethod
    def _create_list(cls, name, company=None):
        company = company or cls.company_a
        values = {"name": name, "company_id": company.id, "currency_id": company.currency_id.id}
        return cls.env["product.pricelist"].create(values)

    def _rule(self, first="2026-12-01 00:00:00", last="2026-12-10 20:00:00", pricelist=None, **values):
        values = {
            "pricelist_id": (pricelist or self.pricelist).id,
            "date_start": first,
            "date_end": last,
            "compute_price": "percentage",
            "percent_price": 20,
            "applied_on": "2_product_category",
            "categ_id": self.toys.id,
        } | values
        return self.env["product.pricelist.item"].create(values)

    def _look(self, company=None, day=None):
        company = company or self.company_a
        with self._at(day or self.TODAY):
            return self.proposals._refresh(company)

    def _found(self, company=None):
        return self.proposals.search([("company_id", "=", (company or self.company_a).id)])

    def _accept(self, proposals):
        with self._at(self.TODAY):
            return self._as(self.manager, proposals).action_accept()

    def test_dated_rule_becomes_one_proposal_in_local_days(self):
        self._rule(last="2026-12-10 22:59:59")
        self.assertEqual(self._look(), {"new": 1, "changed": 0, "gone": 0})
        self.assertEqual(self._look(), {"new": 0, "changed": 0, "gone": 0})
        found = self._found()
        self.assertRecordValues(
            found,
            [
                {
                    "name": "Web shop: 20 % off", "date_start": date(2026, 12, 1), "date_end": date(2026, 12, 10),
                    "discount": 0.2, "category_ids": self.toys.ids, "state": "proposed", "scope": "Toys",
                    "expected_uplift": 0.79,
                }
            ],
        )  # fmt: skip
        self.assertEqual(found.why["notes"], ["uplift_rule_alone"])
        # 23:30 UTC is the next day in Berlin
        self.env["product.pricelist.item"].search([("pricelist_id", "=", self.pricelist.id)]).date_end = (
            "2026-12-10 23:30:00"
        )
        self._look()
        self.assertEqual(found.date_end, date(2026, 12, 11))

    def test_rules_of_one_list_with_the_same_days_are_one_promotion(self):
        for product in (self.doll, self.car):
            template = product.product_tmpl_id
            self._rule(applied_on="0_product_variant", product_id=product.id, product_tmpl_id=template.id)
        self._rule(applied_on="1_product", product_tmpl_id=self.car.product_tmpl_id.id, percent_price=50)
        self._look()
        self.assertEqual([(row.discount, row.product_count) for row in self._found()], [(0.2, 2), (0.5, 1)])

    def test_depth_of_each_way_to_write_a_price(self):
        item = self._rule(applied_on="1_product", product_tmpl_id=self.car.product_tmpl_id.id)
        depth = self.proposals._item_depth
        self.assertAlmostEqual(depth(item, {}), 0.2)
        item.write({"compute_price": "fixed", "fixed_price": 15.0})
        usual = self.car.currency_id._convert(25.0, item.currency_id, self.company_a)
        self.assertAlmostEqual(depth(item, {}), 1 - 15 / usual, places=2)
        item.write({"compute_price": "formula", "base": "list_price", "price_discount": 30})
        self.assertAlmostEqual(depth(item, {}), 0.3)
        item.base = "standard_price"
        self.assertEqual(depth(item, {}), 0.0)

    def test_what_is_no_promotion_is_not_proposed(self):
        self._rule(first=False)
        self._rule(last=False)
        self._rule(percent_price=0)
        self._rule(percent_price=-10)
        self._rule(first="2026-01-01 00:00:00", last="2026-12-31 00:00:00")
        self._rule(first="2022-01-01 00:00:00", last="2022-01-09 00:00:00")
        self._rule(pricelist=self._create_list("B", self.company_b))
        archived = self._create_list("Old")
        self._rule(pricelist=archived)
        archived.active = False
        self._look()
        self.assertFalse(self._found())

    def test_accept_makes_an_event_that_the_forecast_expects(self):
        self._rule()
        self._look()
        self._as(self.manager, self._found()).expected_uplift = 0.5
        [event_id] = self._accept(self._found())
        event = self.env["scm.event"].browse(event_id)
        self.assertRecordValues(
            event,
            [
                {
                    "kind": "promotion", "expected_uplift": 0.5, "discount": 0.2, "category_ids": self.toys.ids,
                    "company_id": self.company_a.id, "next_date": date(2026, 12, 1),
                }
            ],
        )  # fmt: skip
        keys = [(self.doll.id, self.warehouse_a.id), (self.car.id, self.warehouse_a.id)]
        calendar = self.env["scm.event"]._calendar(self.company_a, date(2026, 11, 1), date(2026, 12, 31), keys)
        [one] = [found for found in calendar.events if found.name == event._kernel_name()]
        self.assertEqual((one.uplift, one.occurrences[0].series.tolist()), (1.5, [True, False]))
        self._accept(self._found())
        self.assertEqual(len(event.occurrence_ids), 1)

    def test_promotions_of_the_same_kind_are_occurrences_of_one_event(self):
        self._rule(first="2026-03-01 00:00:00", last="2026-03-07 20:00:00")
        self._rule()
        self._rule(first="2026-12-05 00:00:00", last="2026-12-15 20:00:00", percent_price=40)
        self._look()
        events = self.env["scm.event"].browse(self._accept(self._found()))
        self.assertEqual([len(event.occurrence_ids) for event in events], [2, 1])
        # the first one ran: the forecast has learned from it
        self.assertEqual(events[0].expected_uplift, 0)
        self.assertGreater(events[1].expected_uplift, 1)
        self._rule(first="2027-02-01 00:00:00", last="2027-02-07 20:00:00", percent_price=10)
        self._look()
        self._accept(self._found())
        self.assertEqual(sorted(events[0].occurrence_ids.mapped("strength")), [0.5, 1, 1])

    def test_changed_dates_move_the_proposal_and_the_calendar_and_say_so(self):
        item = self._rule()
        self._look()
        self._accept(self._found())
        item.write({"date_start": "2026-12-05 00:00:00", "date_end": "2026-12-14 20:00:00"})
        self.assertEqual(self._look()["changed"], 1)
        found = self._found()
        self.assertEqual(found.occurrence_id.date_start, date(2026, 12, 5))
        self.assertEqual((found.change_code, found.state), ("dates", "accepted"))
        self.assertIn("2026-12-01 to 2026-12-10", found.change_note)
        self.assertIn("calendar was moved", found.change_note)

    def test_days_that_a_planner_moved_in_the_calendar_stay(self):
        item = self._rule()
        self._look()
        self._accept(self._found())
        self._found().occurrence_id.date_end = date(2026, 12, 12)
        item.date_start = "2026-12-03 00:00:00"
        self._look()
        self.assertEqual(self._found().occurrence_id.date_start, date(2026, 12, 1))
        self.assertIn("they stay", self._found().change_note)

    def test_dismissed_stays_dismissed_and_typed_uplift_stays_typed(self):
        item = self._rule()
        self._look()
        proposal = self._as(self.manager, self._found())
        proposal.expected_uplift = 0.1
        item.percent_price = 30
        self._look()
        self.assertAlmostEqual(proposal.expected_uplift, 0.1)
        self.assertEqual(proposal.change_code, "discount")
        proposal.action_dismiss()
        self.assertEqual(self._look(), {"new": 0, "changed": 0, "gone": 0})
        self.assertEqual(proposal.state, "dismissed")
        proposal.action_reopen()
        self.assertEqual(proposal.state, "proposed")

    def test_source_that_is_gone(self):
        one, two = self._rule(), self._rule(percent_price=50)
        self._look()
        self._accept(self._found().filtered(lambda row: row.discount < 0.3))
        (one + two).unlink()
        self.assertEqual(self._look()["gone"], 2)
        self.assertRecordValues(self._found(), [{"state": "accepted", "change_code": "gone"}])
        self.assertEqual(self._look()["gone"], 0)

    def test_uplift_rests_on_promotions_that_ran(self):
        event = self.env["scm.event"].create(
            {
                "name": "Spring", "kind": "promotion", "discount": 0.2, "company_id": self.company_a.id,
                "category_ids": [Command.set(self.toys.ids)],
            }
        )  # fmt: skip
        run = self.env["scm.forecast.run"].create({"company_id": self.company_a.id, "current": True, "state": "done"})
        self.env["scm.event.effect"].create(
            {
                "run_id": run.id, "company_id": self.company_a.id, "event_id": event.id, "categ_id": self.toys.id,
                "peak": 0.2, "times_seen": 4,
            }
        )  # fmt: skip
        self._rule()
        self._look()
        self.assertAlmostEqual(self._found().expected_uplift, (0.794 + 4 * 0.2) / 5, places=2)
        self.assertEqual((self._found().why["sample"], self._found().why["notes"]), (4, []))

    def test_only_managers_of_the_company_decide(self):
        self._rule()
        self._look()
        with self.assertRaisesRegex(AccessError, "managers"):
            self._as(self.planner, self._found()).action_accept()
        with self.assertRaises(AccessError):
            self._as(self.planner, self.proposals).action_look(self.company_a.id)
        with self.assertRaisesRegex(AccessError, "uplift"):
            self._as(self.manager, self._found()).state = "accepted"
        with self.assertRaises(AccessError):
            self._as(self.manager, self.proposals).action_look(self.company_b.id)
        self.assertFalse(self._as(self.planner_b, self.proposals).search([]))
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.proposals).search([])
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.manager, self.proposals).action_look()["new"], 0)
        self._accept(self._found())
        with self.assertRaisesRegex(UserError, "calendar already"):
            self._as(self.manager, self._found()).action_dismiss()

    def test_as_many_queries_for_many_promotions_as_for_few(self):
        def rules(count, first):
            for day in range(first, first + count):
                month = f"2027-{day // 27 + 1:02d}"
                self._rule(f"{month}-{day % 27 + 1:02d} 00:00:00", f"{month}-28 22:00:00")

        rules(2, 1)
        self._look()
        few = self._query_count(self._look)
        rules(30, 3)
        self._look()
        self.assertLessEqual(self._query_count(self._look), few + 1)
