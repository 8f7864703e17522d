from odoo.exceptions import UserError
from odoo.tests import tagged

from .qualification_common import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationGate(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.scm_grade_gate = "off"
        cls.shirt = cls._create_product("Shirt", vendor=cls.vendor, categ_id=cls.cotton.id)
        cls.beam = cls._create_product("Beam", vendor=cls.vendor, categ_id=cls.steel.id)

    def _order(self, *products, vendor=None, company=None):
        lines = [(product, 5) for product in products]
        return self._create_purchase(lines, self.TODAY, vendor=vendor, company=company, confirm=False)

    def _level(self, order):
        with self._at(self.TODAY):
            order.invalidate_recordset()
            return order.scm_gate_level

    def test_levels(self):
        order = self._order(self.shirt, self.beam)
        self.assertFalse(self._level(order))
        self.company_a.scm_qualification_gate = "warn"
        self.assertEqual(self._level(order), "warn")
        self.assertIn("Vendor is not qualified for Fabrics / Cotton, Steel", order.scm_gate_message)
        self.company_a.scm_qualification_gate = "block"
        self.assertEqual(self._level(order), "block")
        with self._at(self.TODAY):
            for call in (order.button_confirm, order.action_rfq_send):
                with self.assertRaisesRegex(UserError, f"{order.name}: Vendor is not qualified"):
                    call()

    def test_qualified_passes_and_conditional_warns(self):
        self.company_a.scm_qualification_gate = "block"
        self._decided(categ=self.fabrics)
        order = self._order(self.shirt)
        self.assertFalse(self._level(order))
        self._decided("conditional", categ=self.cotton)
        self.assertEqual(self._level(order), "warn")
        self.assertIn("Calibrate", order.scm_gate_message)
        with self._at(self.TODAY):
            order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertIn("Calibrate", "".join(order.message_ids.mapped("body")))

    def test_each_state_says_what_it_is(self):
        self.company_a.scm_qualification_gate = "block"
        order = self._order(self.shirt)
        one = self._create_qualification(categ=self.fabrics)
        for state, words in (
            ("asked", "not decided yet"),
            ("rejected", "was rejected"),
            ("expired", "ended on"),
            ("suspended", "is suspended"),
        ):
            one.write({"state": state, "date_expiry": "2026-10-01", "date_decided": "2026-01-01"})
            self.assertEqual(self._level(order), "block")
            self.assertIn(words, order.scm_gate_message)

    def test_categories_bought_without_qualification(self):
        self.company_a.scm_qualification_gate = "block"
        self.fabrics.scm_no_qualification = True
        self.assertFalse(self._level(self._order(self.shirt)))
        self.assertEqual(self._level(self._order(self.shirt, self.beam)), "block")

    def test_other_company_and_contact(self):
        self._decided(categ=self.fabrics)
        (self.company_a + self.company_b).scm_qualification_gate = "block"
        self.company_b.scm_grade_gate = "off"
        self.assertFalse(self._level(self._order(self.shirt, vendor=self.contact)))
        self.assertEqual(self._level(self._order(self.shirt, company=self.company_b)), "block")

    def test_product_without_category(self):
        self.company_a.scm_qualification_gate = "warn"
        plain = self._create_product("Plain")
        plain.categ_id = False
        order = self._order(plain)
        self.assertEqual(self._level(order), "warn")
        self.assertIn("products without a category", order.scm_gate_message)

    def test_a_buyer_without_more_rights_gets_the_findings(self):
        self.company_a.scm_qualification_gate = "warn"
        order = self._order(self.shirt).with_user(self.buyer)
        self.assertEqual(self._level(order), "warn")

    def test_queries(self):
        self.company_a.scm_qualification_gate = "warn"
        orders = self.env["purchase.order"].concat(
            *(
                self._order(self.shirt, self.beam, vendor=self.env["res.partner"].create({"name": f"V{n}"}))
                for n in range(10)
            )
        )
        few = self._query_count(orders[:2]._scm_qualification_findings)
        self.assertEqual(self._query_count(orders._scm_qualification_findings), few)
