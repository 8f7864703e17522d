"""Returns of customers in the scorecard of the supplier: what counts, who sees it, and whose move it is."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.scm_aftersales.tests.finding_common import FindingCase

from ..hooks import WEIGHT, post_init_hook, uninstall_hook

CODE = "customer_returned_ppm"


@tagged("post_install", "-at_install")
class TestCustomerReturns(FindingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("scm_aftersales_supplier_eval.scm_scorecard_criterion_customer_returned_ppm").active = True
        cls.vendors = cls.vendor | cls.other_vendor
        for vendor in cls.vendors:
            purchase = cls._create_purchase(
                [(cls.good, 10)], cls.TODAY - timedelta(days=50), cls.TODAY - timedelta(days=40), vendor=vendor
            )
            cls._receive(purchase, cls.TODAY - timedelta(days=40))
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM scm_return_part; DELETE FROM scm_return_fact")
        cls.first, cls.last = cls.TODAY - timedelta(days=60), cls.TODAY - timedelta(days=10)

    def _cards(self):
        with self._at(self.TODAY):
            return self.env["scm.scorecard.compute"]._compute_period(self.company_a, self.first, self.last)

    def _line(self, vendor, cards=None):
        card = (cards or self._cards()).filtered(lambda card: card.partner_id == vendor)
        return card.line_ids.filtered(lambda line: line.criterion_id.code == CODE)

    def _deliveries(self):
        """100 units each: 10 of one vendor's came back as defects; the other's as changed minds and not inspected."""
        self._facts(100, 10, self.bad, days=40, supplier=self.other_vendor, cause=self._cause("supplier_defect"))
        self._facts(50, 10, self.good, days=40, supplier=self.vendor, cause=self._cause("customer_choice"))
        self._facts(50, 5, self.good, days=40, supplier=self.vendor)
        # before the period
        self._facts(20, 20, self.bad, days=90, supplier=self.other_vendor, cause=self._cause("supplier_defect"))

    def test_only_the_suppliers_own_faults_count(self):
        self._deliveries()
        cards = self._cards()
        line, clean = self._line(self.other_vendor, cards), self._line(self.vendor, cards)
        self.assertRecordValues(line, [{"value_raw": 100_000.0, "sample": 100, "missing": False}])
        self.assertGreater(line.weight_used, 0.0)
        self.assertEqual(clean.value_raw, 0.0)
        self.assertGreater(clean.score, line.score)

    def test_from_the_figure_to_the_returns_and_nothing_of_the_customer(self):
        self._deliveries()
        line = self._line(self.other_vendor)
        action = line.action_open_facts()
        self.assertEqual((action["res_model"], len(action["domain"][0][2])), ("scm.return.part", 10))
        buyer = self._create_user("buyer", "purchase.group_purchase_user")
        parts = self._as(buyer, self.env["scm.return.part"]).search(action["domain"])
        self.assertEqual(parts.supplier_id, self.other_vendor)
        shown = line._fact_rows(line._supplier_facts())
        self.assertEqual(len(shown), 10)
        self.assertNotIn("Customer", str(shown))
        self.assertIn("Bad lamp", shown[0]["title"])

    def test_excluded_returns_do_not_count(self):
        self._deliveries()
        line = self._line(self.other_vendor)
        part = line.get_fact_ids()["ids"][0]
        self.env["scm.scorecard.exclusion"].create(
            {
                "company_id": self.company_a.id,
                "partner_id": self.other_vendor.id,
                "res_model": "scm.return.part",
                "res_id": part,
                "reason": "Was our own mistake",
            }
        )
        self.assertRecordValues(self._line(self.other_vendor), [{"value_raw": 90_000.0, "excluded_count": 1}])

    def test_a_finding_asks_for_an_8d_report(self):
        self._facts(300, 3, self.good, supplier=self.vendor)
        self._facts(80, 24, self.bad, supplier=self.other_vendor, cause=self._cause("supplier_defect"))
        self._search_now()
        finding = self._as(self.manager, self._found(is_current=True))
        self.assertEqual(finding.dimension, "supplier_product")
        with self._at(self.TODAY):
            improvement = self.env["scm.improvement"].browse(finding.action_improve()["res_id"])
        self.assertRecordValues(
            improvement,
            [
                {
                    "area": "supplier",
                    "partner_id": self.other_vendor.id,
                    "date_answer_due": self.TODAY + timedelta(days=14),
                }
            ],
        )

    def test_the_shipped_scheme_makes_room_and_takes_it_back(self):
        scheme = self.env.ref("scm_supplier_eval.scm_scorecard_scheme_standard")
        mine = scheme.weight_ids.filtered(lambda weight: weight.criterion_id.code == CODE)
        self.assertEqual(mine.weight, WEIGHT)
        uninstall_hook(self.env)
        self.assertEqual(self._weight(scheme, "returned_ppm"), 15.0)
        scheme._check_complete()
        post_init_hook(self.env)
        self.assertEqual((self._weight(scheme, "returned_ppm"), self._weight(scheme, CODE)), (10.0, WEIGHT))
        post_init_hook(self.env)
        scheme._check_complete()

    def _weight(self, scheme, code):
        return sum(scheme.weight_ids.filtered(lambda weight: weight.criterion_id.code == code).mapped("weight"))
