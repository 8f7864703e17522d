from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase

ORDERED, PROMISED, LATE = "2026-06-01", "2026-06-15", "2026-07-01"


class RiskCase(ScmCase):
    """Steel and its category; a bolt bought from one vendor only, a nut from two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.scm_qualification_gate = "warn"
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")
        cls.steel = cls.env["product.category"].create({"name": "Steel"})
        cls.vendor.country_id = cls.env.ref("base.de")
        cls.second, cls.third = cls.env["res.partner"].create([{"name": "Second"}, {"name": "Third"}])
        cls.bolt = cls._create_product("Bolt", vendor=cls.vendor, delay=20, categ_id=cls.steel.id)
        cls.nut = cls._create_product("Nut", categ_id=cls.steel.id)
        cls._buy(cls.bolt, 100, cls.vendor, LATE)
        cls._buy(cls.nut, 75, cls.vendor)
        cls._buy(cls.nut, 25, cls.second)
        for product in (cls.bolt, cls.nut):
            cls._class(product)
            cls._create_sale([(product, 73, 25.0)], "2026-09-01")
        for partner in (cls.vendor, cls.second):
            cls._qualify(partner)

    @classmethod
    def _buy(cls, product, quantity, vendor, received=PROMISED, company=None):
        order = cls._create_purchase([(product, quantity)], ORDERED, planned=PROMISED, vendor=vendor, company=company)
        cls._receive(order, received)
        return order

    @classmethod
    def _class(cls, product, letter="A", warehouse=None):
        warehouse = warehouse or cls.warehouse_a
        cls.env["scm.product.class"].create(
            {
                "product_id": product.id,
                "warehouse_id": warehouse.id,
                "company_id": warehouse.company_id.id,
                "abc_value": letter,
            }
        )

    @classmethod
    def _qualify(cls, partner, state="qualified", categ=None, company=None):
        return cls.env["scm.supplier.qualification"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or cls.company_a).id,
                "categ_id": (categ or cls.steel).id,
                "state": state,
            }
        )

    @classmethod
    def _refresh(cls, company=None):
        company = company or cls.company_a
        with cls._at(cls.TODAY, company=company):
            return cls.env["scm.supplier.risk"].with_company(company)._refresh(company)

    def _sourcing(self, product, company=None):
        return self.env["scm.product.sourcing"].search(
            [("product_id", "=", product.id), ("company_id", "=", (company or self.company_a).id)]
        )

    def _risk(self, partner=None):
        return self.env["scm.supplier.risk"].search(
            [("partner_id", "=", (partner or self.vendor).id), ("company_id", "=", self.company_a.id)]
        )

    def _backups(self):
        return self.env["scm.backup.proposal"].search([("company_id", "=", self.company_a.id)])


@tagged("post_install", "-at_install")
class TestSourcing(RiskCase):
    def test_shares_and_concentration(self):
        self.assertEqual(self._refresh(), {"products": 2, "suppliers": 2, "backups": 1})
        nut = self._sourcing(self.nut)
        self.assertEqual((nut.supplier_count, nut.main_partner_id, nut.country_id.code), (2, self.vendor, "DE"))
        self.assertEqual((nut.main_share, nut.hhi, nut.spend_12m), (0.75, 0.625, 1000))
        self.assertEqual((nut.single_source, nut.qualified_count, nut.abc), (False, 2, "A"))
        self.assertEqual(nut.margin_12m, 73 * 15)
        # the second needs 14 days (measured) and 14 to move
        self.assertEqual(nut.switch_days, 28)
        self.assertAlmostEqual(nut.at_stake, 73 * 15 / 365 * 28 * 0.75, places=2)
        self.assertEqual([(line.lead_days, line.lead_measured) for line in nut.line_ids], [(14, True), (14, True)])

    def test_single_source(self):
        self._refresh()
        bolt = self._sourcing(self.bolt)
        self.assertTrue(bolt.single_source)
        self.assertEqual((bolt.hhi, bolt.switch_days, bolt.at_stake), (1, 90, 270))
        alert = self.env["scm.alert"].search([("type_id.code", "=", "supplier_single_source")])
        self.assertEqual((alert.product_id, alert.partner_id, alert.money_at_stake), (self.bolt, self.vendor, 270))
        self.assertEqual(alert.action_open_subject()["res_id"], bolt.id)

    def test_a_listed_supplier_counts_when_it_may_deliver(self):
        self.env["product.supplierinfo"].create(
            {"partner_id": self.third.id, "product_tmpl_id": self.bolt.product_tmpl_id.id, "price": 12, "delay": 5}
        )
        self._refresh()
        self.assertTrue(self._sourcing(self.bolt).single_source)
        self._qualify(self.third)
        self._refresh()
        bolt = self._sourcing(self.bolt)
        self.assertFalse(bolt.single_source)
        # it never delivered: 5 days, 14 to move and 21 to try
        self.assertEqual((bolt.switch_days, bolt.supplier_count, bolt.qualified_count), (40, 1, 2))
        self.assertFalse(
            self.env["scm.alert"].search([("type_id.code", "=", "supplier_single_source")], limit=1).state == "open"
        )

    def test_without_a_gate_only_what_is_forbidden_counts(self):
        self.company_a.scm_qualification_gate = "off"
        self.env["product.supplierinfo"].create(
            {"partner_id": self.third.id, "product_tmpl_id": self.bolt.product_tmpl_id.id, "price": 12, "delay": 5}
        )
        self._refresh()
        self.assertFalse(self._sourcing(self.bolt).single_source)
        self._qualify(self.third, "rejected")
        self._refresh()
        self.assertTrue(self._sourcing(self.bolt).single_source)

    def test_currency_and_unit_of_the_price_list(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "currency_id": self.env.ref("base.USD").id,
                "rate": 2.0,
                "company_id": self.company_a.id,
            }
        )
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.third.id,
                "product_tmpl_id": self.bolt.product_tmpl_id.id,
                "price": 240,
                "currency_id": self.env.ref("base.USD").id,
                "product_uom_id": dozen.id,
            }
        )
        self._refresh()
        line = self._sourcing(self.bolt).line_ids.filtered(lambda one: one.partner_id == self.third)
        self.assertAlmostEqual(line.price, 10, places=2)

    def test_what_is_not_bought_any_more_goes(self):
        self._refresh()
        self.nut.active = False
        self.assertEqual(self._refresh()["products"], 1)
        self.assertFalse(self._sourcing(self.nut))
        self.assertFalse(self._risk(self.second))


@tagged("post_install", "-at_install")
class TestSupplierRisk(RiskCase):
    def test_what_is_measured_raises_the_likelihood(self):
        self._refresh()
        before = self._risk()
        self.assertLess(self._risk(self.second).likelihood, before.likelihood)
        self.assertEqual((before.spend, before.product_count, before.single_source_count), (1750, 2, 1))
        self.assertAlmostEqual(before.spend_share, 0.875)
        self.assertEqual(before.impact, round(270 + self._sourcing(self.nut).at_stake, 2))
        first = before.likelihood
        self.env["scm.supplier.evidence"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company_a.id,
                "kind_id": self.env["scm.evidence.kind"].search([], limit=1).id,
                "critical": True,
                "date_expiry": date(2026, 11, 1),
                "state": "expired",
            }
        )
        self.env["scm.improvement"].create(
            {"name": "Late", "area": "supplier", "company_id": self.company_a.id, "partner_id": self.vendor.id}
        )
        self._refresh()
        after = self._risk()
        self.assertEqual(after, before)
        self.assertAlmostEqual(after.likelihood, 1 - (1 - first) * 0.5, places=3)
        self.assertEqual((after.expired_count, after.action_count), (1, 1))
        self.assertEqual(after.cell, f"L{after.likelihood_class}-I5")
        self.assertIn("risk_evidence", [term["code"] for term in after.why["terms"]])
        labels = self.env["scm.why"].labels()
        codes = {term["code"] for term in after.why["terms"]} | {after.why["method"], after.why["formula"]}
        self.assertLessEqual(codes, set(labels))

    def test_not_qualified(self):
        self._refresh()
        before = self._risk(self.second).likelihood
        self.env["scm.supplier.qualification"].search([("partner_id", "=", self.second.id)]).state = "rejected"
        self._refresh()
        self.assertAlmostEqual(self._risk(self.second).likelihood, 1 - (1 - before) * 0.7, places=3)
        self.assertTrue(self._sourcing(self.nut).single_source)

    def test_matrix(self):
        self._refresh()
        matrix = self._as(self.planner, self.env["scm.supplier.risk"]).get_matrix()
        self.assertEqual(sum(cell["count"] for cell in matrix["cells"]), 2)
        self.assertEqual((matrix["sums"]["single"], matrix["sums"]["backups"]), (1, 1))
        self.assertFalse(matrix["can_refresh"])
        cell = next(one for one in matrix["cells"] if self.vendor.id in [item["id"] for item in one["suppliers"]])
        found = self._as(self.buyer, self.env["scm.supplier.risk"]).get_suppliers(cell["likelihood"], cell["impact"])
        self.assertIn(self.vendor.id, [row["partner_id"] for row in found["rows"]])
        everybody = self._as(self.buyer, self.env["scm.supplier.risk"]).get_suppliers(limit=1)
        self.assertEqual((everybody["total"], len(everybody["rows"])), (2, 1))
        self.assertEqual(everybody["rows"][0]["partner_id"], self.vendor.id)

    def test_rights(self):
        risks = self.env["scm.supplier.risk"]
        with self.assertRaisesRegex(AccessError, "supply chain manager"):
            self._as(self.planner, risks).action_refresh()
        with self.assertRaises(AccessError):
            self._as(self.outsider, risks).get_matrix()
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.manager, risks).action_refresh()["products"], 2)
        with self.assertRaises(AccessError):
            self._as(self.manager, self._risk()).likelihood = 0.5

    def test_companies_apart(self):
        self._buy(self.bolt, 10, self.third, company=self.company_b)
        self._refresh()
        self.assertFalse(self._sourcing(self.bolt, self.company_b))
        self._refresh(self.company_b)
        self.assertEqual(self._sourcing(self.bolt, self.company_b).main_partner_id, self.third)
        self.assertEqual(self._sourcing(self.bolt).main_partner_id, self.vendor)
        self.assertFalse(
            self._as(self.planner_b, self.env["scm.supplier.risk"]).search([("partner_id", "=", self.vendor.id)])
        )
        self.assertEqual(self._as(self.planner_b, self.env["scm.supplier.risk"]).get_suppliers()["total"], 1)

    def test_nothing_bought(self):
        self.assertEqual(self._refresh(self.company_b), {"products": 0, "suppliers": 0, "backups": 0})
        self.assertEqual(self._as(self.planner_b, self.env["scm.supplier.risk"]).get_matrix()["cells"], [])

    def test_as_many_queries_for_many(self):
        self._qualify(self.third)
        self._refresh()

        def count():
            with self._at(self.TODAY):
                return self._query_count(self.env["scm.supplier.risk"]._refresh, self.company_a)

        few = count()
        for number in range(8):
            partner = self.env["res.partner"].create({"name": f"Vendor {number}"})
            product = self._create_product(f"Part {number}", vendor=partner, categ_id=self.steel.id)
            self._buy(product, 10, partner)
            self._class(product)
            self._qualify(partner)
        self._refresh()
        self.assertEqual(count(), few)


@tagged("post_install", "-at_install")
class TestBackups(RiskCase):
    def test_candidates_are_qualified_for_the_category(self):
        self._qualify(self.third, categ=self.env["product.category"].create({"name": "Paper"}))
        self._refresh()
        backup = self._backups()
        self.assertEqual(
            (backup.product_id, backup.partner_id, backup.main_partner_id), (self.bolt, self.second, self.vendor)
        )
        # measured 14 days, 14 to move, 21 to try the product
        self.assertEqual((backup.switch_days, backup.rank, backup.qty, backup.at_stake), (49, 1, 100, 270))
        self.assertEqual(backup.why["value"], 49)
        self._qualify(self.third, "conditional")
        self._refresh()
        self.assertEqual([(one.partner_id, one.rank) for one in self._backups()], [(self.second, 1), (self.third, 2)])

    def test_accept_asks_once(self):
        self._qualify(self.third)
        self._refresh()
        backup = self._backups()[0]
        with self.assertRaises(AccessError):
            self._as(self.planner, backup).action_accept()
        action = self._as(self.buyer, backup).action_accept()
        order = self.env["purchase.order"].browse(action["res_id"])
        self.assertEqual((order.state, order.partner_id, order.company_id), ("draft", self.second, self.company_a))
        self.assertEqual((order.order_line.product_id, order.order_line.product_qty), (self.bolt, 100))
        self.assertEqual((backup.state, backup.user_id, backup.order_id), ("accepted", self.buyer, order))
        with self.assertRaisesRegex(UserError, "“Bolt” from Second has been decided already"):
            self._as(self.buyer, backup).action_accept()
        self._refresh()
        self.assertEqual(self._backups(), backup)
        order.button_cancel()
        self._refresh()
        self.assertEqual(self._backups().mapped("state"), ["accepted", "proposed"])

    def test_rejected_stays_rejected(self):
        self._refresh()
        backup = self._backups()
        self._as(self.buyer, backup).action_reject("Too far away")
        self.assertEqual(self._refresh()["backups"], 0)
        self.assertEqual((self._backups(), backup.state, backup.reason), (backup, "rejected", "Too far away"))
        self._as(self.buyer, backup).action_reopen()
        self.assertEqual(self._refresh()["backups"], 1)

    def test_a_refresh_changes_nothing_when_nothing_changed(self):
        self._refresh()
        before = self._backups().read()
        self._refresh()
        self.assertEqual(self._backups().read(), before)
        self.env["scm.supplier.qualification"].search([("partner_id", "=", self.second.id)]).state = "rejected"
        self._refresh()
        self.assertFalse(self._backups())

    def test_another_company_sees_none(self):
        self._refresh()
        self.assertFalse(self._as(self.planner_b, self.env["scm.backup.proposal"]).search([]))
        with self.assertRaises(AccessError):
            self._as(
                self._create_user("buyer_b", "purchase.group_purchase_user", companies=self.company_b), self._backups()
            ).action_accept()
