"""Scorecards of real receipts: what is measured, frozen, restated, and who may do what."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase

FIRST, LAST = "2026-10-01", "2026-10-31"


@tagged("post_install", "-at_install")
class TestScorecard(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good, cls.bad, cls.rare = cls.env["res.partner"].create(
            [{"name": name, "supplier_rank": 1} for name in ("Good", "Bad", "Rare")]
        )
        cls.product = cls._create_product()
        cls.orders = {}
        for number in range(8):
            cls._line(cls.good, number, late=0)
            cls._line(cls.bad, number, late=6 if number % 2 else 0)
        cls._line(cls.rare, 1, late=0)

    @classmethod
    def _line(cls, vendor, number, late, quantity=10):
        """Ordered in September, promised for a day of October, received ``late`` days after it."""
        promised = cls.TODAY.replace(month=10, day=2) + timedelta(days=3 * number)
        order = cls._create_purchase([(cls.product, quantity)], "2026-09-10", planned=promised, vendor=vendor)
        cls._receive(order, promised + timedelta(days=late))
        cls.orders[vendor, number] = order
        return order

    def _run(self, company=None, first=FIRST, last=LAST, user=None):
        runs = self._as(user or self.manager, self.env["scm.scorecard.run"])
        with self._at(self.TODAY):
            run = runs.browse(runs.run_now((company or self.company_a).id, first, last, wait=True))
        self.assertEqual(run.state, "done", run.message)
        return self.env["scm.scorecard"].search(
            [("company_id", "=", run.company_id.id), ("date_from", "=", first), ("date_to", "=", last)]
        )

    def _card(self, cards, partner):
        return cards.filtered(lambda card: card.partner_id == partner)

    def _measure(self, card, code):
        return card.line_ids.filtered(lambda line: line.criterion_id.code == code)

    def _publish(self, cards, user=None):
        with self._at(self.TODAY):
            self._as(user or self.manager, cards).action_publish()

    # Figures

    def test_figures(self):
        cards = self._run()
        good, bad = self._card(cards, self.good), self._card(cards, self.bad)
        self.assertEqual(self._measure(good, "otif_line").value_raw, 1.0)
        self.assertEqual(self._measure(bad, "otif_line").value_raw, 0.5)
        self.assertEqual(self._measure(bad, "otif_line").sample, 8)
        self.assertEqual(self._measure(bad, "days_late_mean").value_raw, 3.0)
        self.assertEqual(self._measure(bad, "fill_rate").value_raw, 1.0)
        self.assertGreater(good.total, bad.total)
        self.assertEqual((good.rank_of, bad.sample), (3, 8))
        self.assertLess(good.rank, bad.rank)

    def test_one_punctual_line_is_not_a_hundred(self):
        card = self._card(self._run(), self.rare)
        line = self._measure(card, "otif_line")
        self.assertEqual((line.value_raw, line.sample), (1.0, 1))
        self.assertLess(line.value, 0.9)
        self.assertIn("small_sample", line.why["notes"])
        self.assertLess(card.confidence, self._card(self._run(), self.good).confidence)

    def test_what_is_missing_spreads_its_weight(self):
        card = self._card(self._run(), self.good)
        self.assertTrue(self._measure(card, "rfq_hours").missing)
        self.assertEqual(self._measure(card, "rfq_hours").weight_used, 0)
        self.assertAlmostEqual(sum(card.line_ids.mapped("weight_used")), 100, 2)
        self.assertAlmostEqual(
            sum(line.score * line.weight_used for line in card.line_ids) / 100, card.total, 2
        )

    def test_returns_and_inspections(self):
        receipt = self.orders[self.good, 2].picking_ids
        self._return_to_vendor(receipt, "2026-10-20", {self.product: 5})
        inspected = self.orders[self.bad, 2].picking_ids.move_ids
        self.env["scm.receipt.inspection"].create(
            {"move_id": inspected.id, "date": "2026-10-10", "qty_rejected": 1, "state": "done"}
        )
        cards = self._run()
        returned = self._measure(self._card(cards, self.good), "returned_ppm")
        self.assertAlmostEqual(returned.value_raw, 1e6 * 5 / 80, 0)
        self.assertAlmostEqual(self._measure(self._card(cards, self.bad), "rejected_ppm").value_raw, 100_000)
        self.assertTrue(self._measure(self._card(cards, self.good), "rejected_ppm").missing)

    def test_two_kinds_of_defects_of_one_receipt(self):
        move = self.orders[self.bad, 2].picking_ids.move_ids
        scratched, short = self.env["scm.defect.type"].create(
            [{"name": name, "code": name.lower()} for name in ("Scratched again", "Short again")]
        )
        done = {"move_id": move.id, "date": "2026-10-10", "state": "done"}
        self.env["scm.receipt.inspection"].create(
            [
                done | {"qty_rejected": 6, "defect_id": scratched.id},
                done | {"qty_rejected": 2, "defect_id": short.id},
            ]
        )
        line = self._measure(self._card(self._run(), self.bad), "rejected_ppm")
        self.assertAlmostEqual(line.value_raw, 800_000)

    def test_hours_of_an_answer_are_working_hours(self):
        order = self._create_purchase([(self.product, 1)], "2026-10-02", vendor=self.good, confirm=False)
        # Friday 16:00 to Monday 10:00 in Berlin
        order.write({"scm_rfq_sent_at": "2026-10-02 14:00:00", "scm_answered_at": "2026-10-05 08:00:00"})
        line = self._measure(self._card(self._run(), self.good), "rfq_hours")
        self.assertAlmostEqual(line.value_raw, 3.0, delta=1.01)
        self.assertEqual(line.sample, 1)

    def test_an_answer_on_the_due_day_is_in_time(self):
        actions = self.env["scm.improvement"].create(
            [
                {"name": name, "partner_id": self.good.id, "company_id": self.company_a.id,
                 "date_answer_due": "2026-10-15"}
                for name in ("On the day", "A day late", "Never")
            ]
        )  # fmt: skip
        # 23:30 and 00:30 in Berlin
        actions[0].date_answered, actions[1].date_answered = "2026-10-15 21:30:00", "2026-10-15 22:30:00"
        line = self._measure(self._card(self._run(), self.good), "actions_in_time")
        self.assertAlmostEqual(line.value_raw, 1 / 3, 5)
        self.assertEqual(line.sample, 3)

    def test_prices(self):
        self.product.seller_ids = [
            Command.create({"partner_id": self.good.id, "price": 8}),
            Command.create({"partner_id": self.bad.id, "price": 5}),
        ]
        for day, price in (("2026-09-20", 10.0), ("2026-10-12", 11.0)):
            order = self._create_purchase(
                [(self.product, 10)], day, planned="2026-12-01", vendor=self.rare, confirm=False
            )
            order.order_line.price_unit = price
            with self._at(day):
                order.button_confirm()
        self.product.seller_ids = [Command.create({"partner_id": self.rare.id, "price": 10})]
        card = self._card(self._run(), self.rare)
        self.assertAlmostEqual(self._measure(card, "price_last").value_raw, 0.1)
        self.assertAlmostEqual(self._measure(card, "price_agreed").value_raw, 0.1)
        self.assertAlmostEqual(self._measure(card, "price_best").value_raw, 1.2)

    def test_drill_leads_to_the_receipts(self):
        line = self._measure(self._card(self._run(), self.bad), "otif_line")
        facts = self._as(self.planner, line).get_fact_ids()
        expected = [self.orders[self.bad, number].order_line.id for number in range(8)]
        self.assertEqual((facts["model"], sorted(facts["ids"])), ("purchase.order.line", sorted(expected)))
        action = self._as(self.planner, line).action_open_facts()
        self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 8)

    def test_words_of_why_records(self):
        card = self._card(self._run(), self.rare)
        labels = self.env["scm.why"].labels()
        for why in (card.why, *card.line_ids.mapped("why")):
            codes = {why["method"], why["formula"], *why["notes"], *(term["code"] for term in why["terms"])}
            self.assertFalse([code for code in codes if code not in labels])

    # Frozen

    def test_published_cards_stay(self):
        cards = self._run()
        self._publish(cards)
        before = {card: card.total for card in cards}
        self._line(self.bad, 9, late=20)
        self.assertEqual(self._run(), cards)
        self.assertEqual({card: card.total for card in cards}, before)
        with self.assertRaisesRegex(UserError, "is published and stays"):
            cards.unlink()
        with self.assertRaises(AccessError):
            self._as(self.manager, cards[0]).write({"total": 100})

    def test_drafts_are_made_anew(self):
        first = self._run()
        self._line(self.bad, 9, late=20)
        second = self._run()
        self.assertFalse(first.exists() & second)
        self.assertEqual(self._measure(self._card(second, self.bad), "otif_line").sample, 9)

    def test_a_contested_line_is_excluded_and_the_card_restated(self):
        cards = self._run()
        self._publish(cards)
        card, line = self._card(cards, self.bad), self.orders[self.bad, 1].order_line
        self.env["scm.scorecard.exclusion"].create(
            {
                "partner_id": self.bad.id, "company_id": self.company_a.id, "res_model": "purchase.order.line",
                "res_id": line.id, "reason": "Our dock was closed",
                "criterion_ids": [Command.link(self._measure(card, "otif_line").criterion_id.id)],
            }
        )  # fmt: skip
        before = card.total
        with self._at(self.TODAY):
            self._as(self.manager, card).action_restate("Dock closed")
        self.assertEqual(card.state, "restated")
        otif = self._measure(card, "otif_line")
        self.assertAlmostEqual(otif.value_raw, 4 / 7, 4)
        self.assertEqual((otif.sample, otif.excluded_count), (7, 1))
        self.assertEqual(self._measure(card, "days_late_mean").sample, 8)
        self.assertGreater(card.total, before)
        log = card.restatement_ids
        self.assertEqual((log.reason, log.user_id, log.before["total"]), ("Dock closed", self.manager, before))
        with self.assertRaisesRegex(UserError, "Say why"):
            self._as(self.manager, card).action_restate("  ")

    def test_trend_against_the_card_before(self):
        self._publish(self._run())
        promised = self.TODAY.replace(month=11, day=3)
        order = self._create_purchase([(self.product, 10)], "2026-10-10", planned=promised, vendor=self.bad)
        self._receive(order, promised)
        with self._at("2026-12-02"):
            runs = self._as(self.manager, self.env["scm.scorecard.run"])
            runs.run_now(self.company_a.id, "2026-11-01", "2026-11-30", wait=True)
        cards = self.env["scm.scorecard"].search([("date_from", "=", "2026-11-01")])
        card = self._card(cards, self.bad)
        self.assertEqual(card.previous_id.date_to.month, 10)
        self.assertAlmostEqual(card.trend, card.total - card.previous_id.total, 3)
        self.assertAlmostEqual(
            self._measure(card, "otif_line").previous_value, self._measure(card.previous_id, "otif_line").value, 4
        )

    # Bad input and rights

    def test_weights_must_be_a_hundred(self):
        scheme = self.env.ref("scm_supplier_eval.scm_scorecard_scheme_standard")
        with self.assertRaisesRegex(ValidationError, r"add up to 95 %, not to 100: change them by \+5"):
            scheme.weight_ids = [Command.update(scheme.weight_ids[0].id, {"weight": scheme.weight_ids[0].weight - 5})]
        with self.assertRaisesRegex(ValidationError, "has no criteria"):
            self.env["scm.scorecard.scheme"].create({"name": "Empty"})

    def test_periods_are_checked(self):
        runs = self._as(self.manager, self.env["scm.scorecard.run"])
        with self._at(self.TODAY):
            for first, last in (("soon", "later"), ("2026-10-31", "2026-10-01"), ("2026-10-01", None)):
                with self.assertRaisesRegex(UserError, "is not a period"):
                    runs.run_now(self.company_a.id, first, last)
            with self.assertRaisesRegex(UserError, "in the future"):
                runs.run_now(self.company_a.id, "2027-01-01", "2027-01-31")
            self.assertEqual(
                tuple(map(str, self.company_a._scm_last_period())), ("2026-10-01", "2026-10-31")
            )
            self.company_a.scm_scorecard_period = "quarter"
            self.assertEqual(tuple(map(str, self.company_a._scm_last_period())), ("2026-07-01", "2026-09-30"))

    def test_a_period_that_is_not_over_is_not_published(self):
        order = self._create_purchase([(self.product, 1)], "2026-11-02", planned="2026-11-10", vendor=self.good)
        self._receive(order, "2026-11-10")
        cards = self._run(first="2026-11-01", last="2026-11-30")
        with self.assertRaisesRegex(UserError, "is not over yet"):
            self._publish(cards)

    def test_a_merged_supplier_and_an_archived_product(self):
        self.product.action_archive()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.good + self.rare).ids, self.good)
        cards = self._run()
        self.assertEqual(cards.partner_id, self.good + self.bad)
        self.assertEqual(self._measure(self._card(cards, self.good), "otif_line").sample, 9)

    def test_roles(self):
        for user in (self.planner, self.outsider):
            with self.assertRaises(AccessError):
                self._run(user=user)
        cards = self._run()
        with self.assertRaises(AccessError):
            self._publish(cards, user=self.planner)
        self.assertTrue(self._as(self.planner, cards[0]).total)
        with self.assertRaises(AccessError):
            self._as(self.outsider, cards[0]).read(["total"])
        with self.assertRaises(AccessError):
            self._as(self.planner_b, cards[0]).read(["total"])

    def test_companies_apart(self):
        self._create_purchase(
            [(self.product, 10)], "2026-09-10", planned="2026-10-05", vendor=self.good, company=self.company_b
        )
        self.assertEqual(self._measure(self._card(self._run(), self.good), "otif_line").sample, 8)

    def test_as_many_queries_for_many(self):
        def count():
            compute = self.env["scm.scorecard.compute"]
            dates = (self.orders[self.good, 0].date_planned.date().replace(day=1), self.TODAY.replace(month=10, day=31))
            with self._at(self.TODAY):
                return self._query_count(compute._compute_period, self.company_a, *dates)

        count()
        few = count()
        partners = self.env["res.partner"].create([{"name": f"Vendor {number}"} for number in range(12)])
        for partner in partners:
            self._line(partner, 3, late=1)
        self.assertEqual(count(), few)
