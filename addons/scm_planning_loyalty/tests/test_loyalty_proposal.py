from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestLoyaltyProposal(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proposals = cls.env["scm.event.proposal"]
        cls.toys = cls.env["product.category"].create({"name": "Toys"})
        cls.doll = cls._create_product("Doll", categ_id=cls.toys.id)

    def _program(self, rule=None, reward=None, **values):
        values = {
            "name": "Toy days",
            "program_type": "promotion",
            "company_id": self.company_a.id,
            "currency_id": self.company_a.currency_id.id,
            "trigger": "auto",
            "date_from": "2026-12-05",
            "date_to": "2026-12-09",
            "rule_ids": [Command.clear(), Command.create({"product_category_id": self.toys.id} | (rule or {}))],
            "reward_ids": [
                Command.clear(),
                Command.create({"discount": 25, "discount_mode": "percent"} | (reward or {})),
            ],
        } | values
        return self.env["loyalty.program"].create(values)

    def _look(self, company=None):
        with self._at(self.TODAY):
            self.proposals._refresh(company or self.company_a)
        return self.proposals.search([("origin", "=", "loyalty"), ("company_id", "=", (company or self.company_a).id)])

    def test_dated_program_is_proposed_once_and_followed(self):
        program = self._program()
        self._look()
        found = self._look()
        self.assertRecordValues(
            found,
            [
                {
                    "name": "Toy days", "date_start": date(2026, 12, 5), "date_end": date(2026, 12, 9),
                    "discount": 0.25, "category_ids": self.toys.ids, "state": "proposed",
                }
            ],
        )  # fmt: skip
        program.date_to = "2026-12-20"
        self.assertEqual((self._look().date_end, found.change_code), (date(2026, 12, 20), "dates"))
        program.active = False
        self.assertFalse(self._look())

    def test_accepted_program_is_an_event_and_moves_with_it(self):
        program = self._program()
        with self._at(self.TODAY):
            [event_id] = self._as(self.manager, self._look()).action_accept()
        program.date_from = "2026-12-02"
        self._look()
        event = self.env["scm.event"].browse(event_id)
        self.assertEqual(event.occurrence_ids.date_start, date(2026, 12, 2))
        self.assertEqual(event.category_ids, self.toys)

    def test_buy_two_get_one(self):
        self._program(
            program_type="buy_x_get_y",
            rule={"product_category_id": False, "product_ids": [Command.link(self.doll.id)], "minimum_qty": 2},
            reward={"reward_type": "product", "reward_product_id": self.doll.id, "required_points": 2},
        )
        found = self._look()
        self.assertAlmostEqual(found.discount, 0.333, places=3)
        self.assertEqual(found.product_ids, self.doll)

    def test_what_the_reward_names_goes_before_the_rule(self):
        self._program(
            rule={"product_category_id": False},
            reward={"discount_applicability": "specific", "discount_product_ids": [Command.link(self.doll.id)]},
        )
        self.assertEqual(self._look().product_ids, self.doll)

    def test_undated_cards_and_other_companies_are_left_out(self):
        self._program(date_to=False)
        self._program(program_type="ewallet")
        self._program(company_id=self.company_b.id, currency_id=self.company_b.currency_id.id)
        self.assertFalse(self._look())
        self.assertEqual(len(self._look(self.company_b)), 1)

    def test_money_off_has_no_known_depth(self):
        self._program(reward={"discount": 10, "discount_mode": "per_order"})
        self.assertEqual((self._look().discount, self._look().expected_uplift), (0, 0))
