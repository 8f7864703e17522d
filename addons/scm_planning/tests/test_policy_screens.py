"""Cards of the first page, links between screens, and companies with nothing to plan."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestPolicyScreens(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product("Steady", vendor=cls.vendor, delay=14)

    def _cards(self, user=None):
        overview = self.env["scm.overview"].with_user(user or self.planner)
        return {card["key"]: card for card in overview._cards()}

    def test_no_cards_without_a_plan(self):
        self.assertNotIn("to_order", self._cards())

    def test_cards_add_up_the_plan(self):
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product)
        cards = self._cards()
        self.assertEqual(cards["to_order"]["value"], proposal.order_value)
        self.assertEqual((cards["runs_out"]["value"], cards["runs_out"]["tone"]), (1, "bad"))
        self.assertEqual(cards["proposed"]["value"], 1)
        for card in cards.values():
            if card["area"] == "planning" and card.get("action"):
                self.env.ref(card["action"])
        other = self.env["scm.overview"].with_user(self.planner_b)
        other = other.with_context(allowed_company_ids=self.company_b.ids)
        self.assertNotIn("to_order", {card["key"] for card in other._cards()}, "figures of company A are not for B")

    def test_cards_cost_the_same_for_many(self):
        few = [self._create_product(f"P{number}", vendor=self.vendor) for number in range(40)]
        self._create_forecast(dict.fromkeys(few[:5], 7))
        self._refresh()
        self._cards()
        small = self._query_count(self._cards)
        self._create_forecast(dict.fromkeys(few, 7))
        self._refresh()
        self.assertLessEqual(self._query_count(self._cards), small)

    def test_company_with_nothing(self):
        self.assertEqual(self._refresh(self.company_b), 0)
        empty = self._create_company("Nothing at all", "base.EUR", "Europe/Berlin")
        self.env["stock.warehouse"].search([("company_id", "=", empty.id)]).active = False
        self.assertEqual(self.env["scm.policy.proposal"]._refresh(empty), 0)

    def test_proposal_beside_the_rule(self):
        self._create_forecast({self.product: 70})
        rule = self._create_rule(self.product, 5, 10)
        self._refresh()
        proposal = self._proposal(self.product)
        self.assertEqual(rule.scm_min_proposed, proposal.min_proposed)
        self.assertEqual(rule.scm_why, proposal.why)
        stock_user = self._create_user("stock", "stock.group_stock_user")
        self.assertEqual(rule.with_user(stock_user).scm_min_proposed, 0, "proposals are for supply-chain users")
        rule.with_user(stock_user).read()
        self.assertEqual(rule.action_open_scm_proposal()["domain"], [("orderpoint_id", "in", rule.ids)])

    def test_links(self):
        self._create_forecast({self.product: 70})
        self._refresh()
        proposal = self._proposal(self.product).with_user(self.planner)
        with self.assertRaisesRegex(UserError, "no reordering rule"):
            proposal.action_open_orderpoint()
        self.assertEqual(proposal.action_open_forecast()["context"]["scm_warehouse_id"], self.warehouse_a.id)
        self.assertIn(("product_id", "=", self.product.id), proposal.action_open_alerts()["domain"])

    def test_policy_rights_and_limits(self):
        policy = self.env["scm.inventory.policy"].search([("company_id", "=", self.company_a.id)], limit=1)
        with self.assertRaises(AccessError):
            policy.with_user(self.planner).service_level = 0.9
        policy.with_user(self.manager).service_level = 0.9
        with self.assertRaisesRegex(ValidationError, "least cover"):
            policy.write({"cover_min_days": 90, "cover_max_days": 30})
        with self.assertRaises(AccessError):
            policy.with_user(self.planner_b).read(["name"])
        with self.assertRaises(AccessError):
            policy.with_user(self.outsider).read(["name"])
