from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .finding_common import FindingCase


@tagged("post_install", "-at_install")
class TestReturnFinding(FindingCase):
    def _bad_lot(self):
        """A hundred good lamps of one vendor; the other's lamps are as good, but for one lot."""
        self.lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.bad.id, "company_id": self.company_a.id} for name in ("L1", "L2")]
        )
        defect = self._cause("supplier_defect")
        self._facts(300, 12, self.good, supplier=self.vendor, cause=self._cause("customer_choice"))
        self._facts(60, 3, self.bad, supplier=self.other_vendor, lot=self.lots[0], cause=defect)
        self._facts(60, 24, self.bad, supplier=self.other_vendor, lot=self.lots[1], cause=defect)

    def test_a_bad_lot_is_named_once_and_with_its_cost(self):
        self._bad_lot()
        run = self._search_now()
        self.assertRecordValues(run, [{"finding_count": 1, "new_count": 1}])
        self.assertGreater(run.explained_count, 0)
        finding = self._found()
        self.assertRecordValues(
            finding,
            [
                {
                    "dimension": "lot",
                    "lot_id": self.lots[1].id,
                    "owner": "supplier",
                    "state": "new",
                    "is_current": True,
                    "delivered": 60.0,
                    "returned": 24.0,
                    "rate": 0.4,
                    "date_first": self.TODAY,
                }
            ],
        )
        # lots are compared with lots: of the other one 3 of 60 came back
        self.assertAlmostEqual(finding.group_rate, 3 / 60, 5)
        self.assertAlmostEqual(finding.excess, 24 - 3, 3)
        self.assertAlmostEqual(finding.money, 8.0 * finding.excess, 2)
        self.assertAlmostEqual(finding.low, 0.2756, 3)  # binom.test(24, 60) of R: 0.2756 to 0.5346
        self.assertAlmostEqual(finding.high, 0.5346, 3)
        self.assertLess(finding.q_value, 1e-3)
        self.assertGreaterEqual(finding.customers, 20)
        self.assertIn("24", finding.cause_text)
        self.assertIn("Bad lamp", finding.cover_text)
        self.assertEqual(finding.why["sample"], 24)
        labels = self.env["scm.why"].labels()
        codes = [term["code"] for term in finding.why["terms"]] + finding.why["notes"] + [finding.why["method"]]
        self.assertLessEqual(set(codes), set(labels))

    def test_the_second_search_writes_nothing_new_and_remembers_what_is_gone(self):
        self._bad_lot()
        self._search_now()
        finding = self._found()
        alert = self.env["scm.alert"].search([("type_id.code", "=", "return_finding"), ("res_id", "=", finding.id)])
        self.assertRecordValues(alert, [{"state": "open", "company_id": self.company_a.id}])
        run = self._search_now()
        self.assertRecordValues(run, [{"finding_count": 1, "new_count": 0}])
        self.assertEqual(self._found(), finding)
        self.env.cr.execute("UPDATE scm_return_fact SET returned = 0; DELETE FROM scm_return_part")
        self._search_now()
        self.assertRecordValues(finding, [{"state": "gone", "is_current": False}])
        self.assertEqual(alert.state, "resolved")

    def test_no_finding_from_few_returns_or_one_customer(self):
        self._facts(300, 12, self.good)
        self._facts(60, 3, self.bad)
        self._search_now()
        self.assertFalse(self._found())
        # much, but all of it to one customer
        self._facts(60, 40, self.bad, order=self.orders[0])
        run = self._search_now()
        self.assertFalse(self._found())
        self.assertGreater(run.cell_count, 0)

    def test_other_companies_are_not_mixed(self):
        self._bad_lot()
        self.env.cr.execute("UPDATE scm_return_fact SET company_id = %s", [self.company_b.id])
        self.env.cr.execute("UPDATE scm_return_part SET company_id = %s", [self.company_b.id])
        self._search_now()
        self.assertFalse(self._found())
        manager_b = self._create_user("manager_b", "scm_base.scm_group_manager", companies=self.company_b)
        self._search_now(user=manager_b, company=self.company_b)
        self.assertEqual(self._as(manager_b, self.findings).search_count([]), 1)
        self.assertEqual(self._as(self.manager, self.findings).search_count([]), 0)

    def test_dismissed_stays_quiet(self):
        self._bad_lot()
        self._search_now()
        finding = self._as(self.manager, self._found())
        with self._refused("Say why"):
            finding.action_dismiss(" ")
        wizard = self.env["scm.return.finding.dismiss"].with_user(self.manager)
        wizard = wizard.with_context(**finding.action_ask_dismiss()["context"]).create({"reason": "Outlet"})
        self.assertTrue(wizard.action_dismiss())
        self._search_now()
        self.assertRecordValues(finding, [{"state": "dismissed", "dismissal": "Outlet"}])
        self.assertFalse(self.env["scm.alert"].search([("res_id", "=", finding.id), ("state", "=", "open"),
                                                       ("res_model", "=", finding._name)]))  # fmt: skip
        with self._refused("dismissed or gone"):
            finding.action_improve()
        finding.action_reopen()
        self.assertEqual(finding.state, "new")

    def test_rights(self):
        self._bad_lot()
        with self.assertRaises(AccessError):
            self._search_now(user=self.planner)
        self._search_now()
        finding = self._found()
        self.assertTrue(self._as(self.planner, finding).cause_text)
        self.assertEqual(
            self._as(self.planner, finding).action_open_returns()["domain"], [("id", "in", self.request.ids)]
        )
        for call in (
            lambda f: f.action_dismiss("No"),
            lambda f: f.action_improve(),
            lambda f: f.write({"state": "new"}),
        ):
            with self.assertRaises(AccessError):
                call(self._as(self.planner, finding))
        for user in (self.outsider, self.planner_b):
            with self.assertRaises(AccessError):
                self._as(user, finding).read(["rate"])
        with self.assertRaises(AccessError):
            self._as(self.manager, finding).write({"rate": 0.9})

    def test_as_many_queries_for_many_cells(self):
        self._facts(300, 6, self.good, supplier=self.vendor)
        self._facts(60, 24, self.bad, supplier=self.other_vendor, cause=self._cause("supplier_defect"))
        find = self.findings.sudo()._find
        with self._at(self.TODAY):
            find(self.company_a)
            few = self._query_count(find, self.company_a)
            for number in range(8):
                product = self._create_product(f"Lamp {number}", categ_id=self.category.id)
                self._facts(40, 12 if number % 2 else 1, product, cause=self._cause("unclear_page"))
            find(self.company_a)
            self.assertGreaterEqual(len(self._found(is_current=True)), 4)
            self.assertLessEqual(self._query_count(find, self.company_a), few + 2)

    # Improvements

    def test_supplier_finding_becomes_an_improvement_of_the_buyer(self):
        self._bad_lot()
        buyer = self._create_user("buyer", "purchase.group_purchase_user")
        self.other_vendor.with_company(self.company_a).buyer_id = buyer
        self._search_now()
        finding = self._as(self.manager, self._found())
        with self._at(self.TODAY):
            action = finding.action_improve()
            self.assertEqual(finding.action_improve()["res_id"], action["res_id"])
        improvement = self.env["scm.improvement"].browse(action["res_id"])
        self.assertRecordValues(
            improvement,
            [
                {
                    "area": "supplier",
                    "partner_id": self.other_vendor.id,
                    "product_id": self.bad.id,
                    "user_id": buyer.id,
                    "metric": "customer_fault_rate",
                    "scm_finding_id": finding.id,
                    "value": finding.money_year,
                    "baseline_from": finding.date_from,
                }
            ],
        )
        self.assertIn("24", improvement.problem)
        self.assertGreaterEqual(len(improvement.action_ids), 3)
        self.assertRecordValues(finding, [{"state": "improving", "improvement_id": improvement.id}])
        with self._refused("being improved"):
            finding.action_dismiss("No")

    def test_an_unclear_page_becomes_work_on_the_product(self):
        self._facts(300, 6, self.good)
        self._facts(80, 24, self.bad, cause=self._cause("unclear_page"))
        self.bad.product_tmpl_id.with_company(self.company_a).responsible_id = self.agent
        self._search_now()
        finding = self._as(self.manager, self._found(product_id=self.bad.id))
        self.assertEqual(finding.owner, "page")
        with self._at(self.TODAY):
            improvement = self.env["scm.improvement"].browse(finding.action_improve()["res_id"])
        self.assertRecordValues(improvement, [{"area": "aftersales", "user_id": self.agent.id}])
        if "project.task" in self.env:
            self.assertTrue(self.env["project.task"].search([("name", "ilike", "Bad lamp")]))
        else:
            self.assertEqual(self.bad.product_tmpl_id.activity_ids.user_id, self.agent)

    def _improvement(self, **values):
        day = self.TODAY
        return self.env["scm.improvement"].create(
            {
                "name": "Fewer returns",
                "company_id": self.company_a.id,
                "product_id": self.bad.id,
                "metric": "customer_return_rate",
                "baseline_from": day - timedelta(days=200),
                "baseline_to": day - timedelta(days=110),
                "after_from": day - timedelta(days=100),
                "after_to": day,
            }
            | values
        )

    def test_effect_against_similar_goods(self):
        """Both lamps became better by six points: the improvement of one of them did nothing."""
        self._facts(200, 24, self.good, days=150)
        self._facts(200, 12, self.good, days=80)
        self._facts(100, 20, self.bad, days=150)
        self._facts(100, 14, self.bad, days=80)
        improvement = self._improvement(target=3.0)
        with self._at(self.TODAY):
            improvement.action_measure()
        self.assertAlmostEqual(improvement.effect, -0.06)
        self.assertAlmostEqual(improvement.similar_before, 0.12)
        self.assertAlmostEqual(improvement.net_effect, 0.0)
        self.assertEqual(improvement.verdict, "not_enough_data")
        self.assertIn("effect_similar", improvement.why["notes"])
        self.assertLessEqual(
            {term["code"] for term in improvement.why["terms"]} | set(improvement.why["notes"]),
            set(self.env["scm.why"].labels()),
        )
        # now only the one: it worked
        self.env.cr.execute("DELETE FROM scm_return_fact WHERE product_id = %s", [self.good.id])
        self._facts(200, 16, self.good, days=150)
        self._facts(200, 16, self.good, days=80)
        self._facts(100, 0, self.bad, days=80)
        with self._at(self.TODAY):
            improvement.action_measure()
        self.assertRecordValues(improvement, [{"verdict": "worked"}])
        self.assertLess(improvement.net_high, 0.0)
        with self._refused("measured, not typed"):
            self._as(self.manager, improvement).write({"net_effect": 0.5})
        with self._at(self.TODAY):
            chart = self._as(self.planner, improvement).return_chart()
        self.assertEqual(sum(point["own_deliveries"] for point in chart["points"]), 300)
        own = [point["own"] for point in chart["points"] if point["own"] is not False]
        self.assertEqual(own[0], 20.0)

    def test_effect_in_as_many_queries(self):
        self._facts(40, 4, self.good, days=150)
        many = self.env["scm.improvement"].union(*(self._improvement(name=str(number)) for number in range(8)))
        with self._at(self.TODAY):
            many._measure()
            counts = [self._query_count(records._measure) for records in (many[:2], many)]
        self.assertEqual(*counts)
