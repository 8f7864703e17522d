"""What people do with proposals: apply, reject, undo; and who may."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestProposalActions(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product("Steady", vendor=cls.vendor, delay=14)
        cls._create_forecast({cls.product: 70})
        cls.rule = cls._create_rule(cls.product, 5, 10)
        cls._refresh()
        cls.proposal = cls._proposal(cls.product)

    def _as(self, user):
        return self.proposal.with_user(user)

    def test_apply_writes_rule_and_log(self):
        result = self._as(self.buyer).apply_proposals()
        self.assertEqual(result, {"applied": 1, "created": 0, "skipped": 0})
        self.assertEqual(self.rule.product_min_qty, self.proposal.min_proposed)
        self.assertEqual(self.rule.product_max_qty, self.proposal.max_proposed)
        self.assertEqual(self.proposal.state, "applied")
        change = self.proposal.change_ids
        self.assertRecordValues(
            change,
            [
                {
                    "orderpoint_id": self.rule.id,
                    "user_id": self.buyer.id,
                    "min_before": 5,
                    "max_before": 10,
                    "min_after": self.proposal.min_proposed,
                    "max_after": self.proposal.max_proposed,
                    "state": "applied",
                    "created": False,
                }
            ],
        )
        self.assertEqual(change.why, self.proposal.why)

    def test_apply_twice_applies_once(self):
        self._as(self.buyer).apply_proposals()
        again = self._as(self.buyer).apply_proposals()
        self.assertEqual(again, {"applied": 0, "created": 0, "skipped": 1})
        self.assertEqual(len(self.proposal.change_ids), 1)
        self._refresh()
        self.assertEqual(self.proposal.state, "applied", "still applied after the next night")

    def test_apply_creates_missing_rule_and_undo_archives_it(self):
        self.rule.unlink()
        self._refresh()
        self.assertFalse(self.proposal.orderpoint_id)
        self.company_a.scm_orderpoint_trigger = "manual"
        result = self._as(self.buyer).apply_proposals()
        self.assertEqual((result["applied"], result["created"]), (1, 1))
        rule = self.proposal.orderpoint_id
        self.assertRecordValues(
            rule,
            [
                {
                    "product_id": self.product.id,
                    "location_id": self.warehouse_a.lot_stock_id.id,
                    "trigger": "manual",
                    "product_min_qty": self.proposal.min_proposed,
                }
            ],
        )
        self._as(self.buyer).undo()
        self.assertFalse(rule.active)
        self._refresh()
        self.assertEqual(self.proposal.state, "proposed")
        self._as(self.buyer).apply_proposals()
        self.assertTrue(rule.active, "the archived rule is used again")

    def test_undo_restores(self):
        self._as(self.buyer).apply_proposals()
        self.assertEqual(self._as(self.buyer).undo(), 1)
        self.assertEqual((self.rule.product_min_qty, self.rule.product_max_qty), (5, 10))
        self.assertEqual(self.proposal.state, "proposed")
        self.assertEqual(self.proposal.change_ids.state, "undone")
        self.assertEqual(self.proposal.change_ids.undone_by_id, self.buyer)
        self.assertEqual(self._as(self.buyer).undo(), 0, "there is nothing more to undo")

    def test_undo_refuses_when_a_person_changed_the_rule(self):
        self._as(self.buyer).apply_proposals()
        self.rule.with_user(self.buyer).write({"product_min_qty": 3, "product_max_qty": 9})
        with self.assertRaisesRegex(UserError, r"(?s)Steady.*3.*9.*buyer"):
            self._as(self.buyer).undo()
        self.assertEqual(self.rule.product_min_qty, 3)

    def test_rejected_stays_rejected_until_it_differs(self):
        self._as(self.buyer).reject()
        self.assertEqual(self.proposal.state, "rejected")
        self._refresh()
        self.assertEqual(self.proposal.state, "rejected")
        self._create_forecast({self.product: 140})
        self._refresh()
        self.assertEqual(self.proposal.state, "proposed")

    def test_rejected_orders_by_the_rule_of_the_person(self):
        self._as(self.buyer).reject()
        self._refresh()
        self.assertEqual(self.proposal.qty_to_order, 10)

    def test_blocked_is_not_applied(self):
        self.product.seller_ids.unlink()
        self._refresh()
        self.assertEqual(self._as(self.buyer).apply_proposals(), {"applied": 0, "created": 0, "skipped": 1})
        self.assertEqual(self.rule.product_min_qty, 5)

    def test_automatic_application_is_off_and_can_be_on(self):
        self.assertFalse(self.company_a.scm_policy_auto_apply)
        self._policy_step()
        self.assertEqual(self.proposal.state, "proposed")
        self.company_a.scm_policy_auto_apply = True
        self._policy_step()
        self.assertEqual(self.proposal.state, "applied")
        self.assertEqual(self.rule.product_min_qty, self.proposal.min_proposed)

    def _policy_step(self):
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "refresh")
            run.step = "policy"
            run._process()
        return run

    def test_one_rule_that_cannot_be_written_does_not_stop_the_others(self):
        products = [self._create_product(f"P{number}", vendor=self.vendor) for number in range(4)]
        rules = [self._create_rule(product, 1, 2) for product in products]
        self._create_forecast(dict.fromkeys(products, 70))
        self.company_a.scm_policy_auto_apply = True
        rule_class = self.env.registry["stock.warehouse.orderpoint"]
        write = rule_class.write

        def locked(records, vals):
            if "product_min_qty" in vals and rules[2] in records:
                raise UserError("This rule is locked")  # pylint: disable=translation-required
            return write(records, vals)

        with patch.object(rule_class, "write", locked):
            run = self._policy_step()
        self.assertEqual((run.state, run.error_count), ("done", 1))
        self.assertRecordValues(run.error_ids, [{"message": "This rule is locked"}])
        self.assertIn("P2", run.error_ids.name)
        proposals = self.env["scm.policy.proposal"].concat(*map(self._proposal, products))
        self.assertEqual(proposals.mapped("state"), ["applied", "applied", "proposed", "applied"])
        self.assertEqual((rules[2].product_min_qty, len(proposals.change_ids)), (1, 3))

    def test_rights(self):
        for user in (self.planner, self.outsider):
            for action in ("apply_proposals", "reject", "undo", "replenish", "action_refresh"):
                with self.assertRaises(AccessError, msg=f"{user.name} may not {action}"):
                    getattr(self._as(user), action)()
        with self.assertRaisesRegex(AccessError, "write reordering rules"):
            self._as(self.manager).apply_proposals()
        with self.assertRaises(AccessError):
            self._as(self.buyer).write({"min_proposed": 1})
        with self.assertRaises(AccessError):
            self._as(self.outsider).read(["min_proposed"])
        self.assertEqual(self._as(self.planner).read(["min_proposed"])[0]["min_proposed"], self.proposal.min_proposed)

    def test_ids_of_another_company(self):
        buyer_b = self._create_user(
            "buyer_b", "scm_base.scm_group_manager", "stock.group_stock_manager", companies=self.company_b
        )
        for action in ("apply_proposals", "reject", "undo", "replenish", "action_refresh"):
            with self.assertRaises(AccessError, msg=action):
                getattr(self._as(buyer_b), action)()
        self._as(self.buyer).apply_proposals()
        with self.assertRaises(AccessError):
            self.proposal.change_ids.with_user(buyer_b).undo()

    def test_same_number_of_queries_for_many(self):
        products = [self._create_product(f"P{number}", vendor=self.vendor) for number in range(60)]
        rules = [self._create_rule(product, 1, 2) for product in products]
        self._create_forecast({product: 70 + number for number, product in enumerate(products)})
        self._refresh()
        proposals = self.env["scm.policy.proposal"].search([("orderpoint_id", "in", [rule.id for rule in rules])])
        rule_class = self.env.registry["stock.warehouse.orderpoint"]
        # Odoo itself asks for each rule when it stores quantity to order and deadline
        with (
            patch.object(rule_class, "_compute_qty_to_order_computed", lambda records: None),
            patch.object(rule_class, "_compute_deadline_date", lambda records: None),
        ):
            proposals[:5].with_user(self.buyer).apply_proposals()
            few = self._query_count(proposals[5:15].with_user(self.buyer).apply_proposals)
            many = self._query_count(proposals[15:].with_user(self.buyer).apply_proposals)
        self.assertLessEqual(many, few)
