import xmlrpc.client
from datetime import date

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from .test_standing import StandingCase

PERIODS = ((date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 9, 30)))


class CardCase(StandingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.punctual, cls.faulty = cls.env["scm.scorecard.criterion"].create(
            [
                {"name": "Punctual", "code": "test_late", "area": "delivery", "unit": "percent", "sequence": 1},
                {"name": "Faulty", "code": "test_returned", "area": "quality", "unit": "ppm", "direction": "lower"},
            ]
        )
        cls.group = cls.env["scm.supplier.group"].create({"name": "Mills"})

    @classmethod
    def _card(cls, partner, delivery, quality, period=1, previous=None, company=None, **values):
        """A published card of two equal measures; a measure without a score is missing."""
        scores = [(cls.punctual, delivery), (cls.faulty, quality)]
        known = [score for _criterion, score in scores if score is not None]
        total = sum(known) / len(known) if known else 0.0
        lines = [
            {
                "criterion_id": criterion.id,
                "score": score or 0.0,
                "value": (score or 0.0) / 100,
                "weight": 50.0,
                "weight_used": 0.0 if score is None else 100.0 / len(known),
                "missing": score is None,
                "sample": 0 if score is None else 12,
            }
            for criterion, score in scores
        ]
        return cls.env["scm.scorecard"].create(
            {
                "company_id": (company or cls.company_a).id,
                "partner_id": partner.id,
                "date_from": PERIODS[period][0],
                "date_to": PERIODS[period][1],
                "state": "published",
                "total": total,
                "previous_id": previous.id if previous else False,
                "trend": total - previous.total if previous else 0.0,
                "sample": 20 if known else 0,
                "confidence": len(known) / 2,
                "line_ids": [(0, 0, line) for line in lines],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestScorecardScreens(CardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Best mill", "Middle mill", "Worst mill", "Silent mill")
        cls.vendors = cls.env["res.partner"].create(
            [{"name": name, "scm_supplier_group_id": cls.group.id} for name in names]
        )
        scores = ((95, 91), (80, 70), (30, 50), (None, None))
        cls.cards = cls.env["scm.scorecard"]
        for rank, (vendor, (delivery, quality)) in enumerate(zip(cls.vendors, scores, strict=True), 1):
            before = cls._card(vendor, 70, 70, period=0)
            cls.cards += cls._card(
                vendor, delivery, quality, previous=before, rank=rank if delivery else 0, group_id=cls.group.id
            )
        with cls._at("2026-10-05"):
            cls.cards.previous_id._after_publish()
            cls.cards._after_publish()

    def _league(self, user=None, offset=0, limit=40, **filters):
        result = self._as(user or self.buyer, self.env["scm.scorecard"]).get_league(filters, offset, limit)
        xmlrpc.client.dumps((result,))
        return result

    def test_published_cards_move_grades_and_standings(self):
        self.assertEqual(self.cards.mapped("grade_id.name"), ["A", "B", "D"])
        worst = self._standing(self.vendors[2])
        self.assertRecordValues(worst, [{"state": "probation", "grade_id": self.d.id, "previous_grade_id": self.b.id}])
        # it names what costs most points, and the measure that has to move
        self.assertEqual(worst.improvement_id.name, "Grade D, 40 points: Punctual")
        self.assertEqual(worst.improvement_id.problem.split("\n")[0], "Punctual: 30.0 %, scores 30 of 100")
        self.assertEqual(worst.improvement_id.metric, "days_late")
        self.assertEqual(self._standing(self.vendors[3]).state, "normal")
        self.scheme.min_confidence = 100
        thin = self._card(self.customer, 10, None)
        with self._at("2026-10-05"):
            thin._after_publish()
        self.assertFalse(thin.grade_id)

    def test_league(self):
        league = self._league()
        self.assertEqual([row["name"] for row in league["rows"]], self.vendors.mapped("name"))
        self.assertEqual(league["period"]["label"], "Q3 2026")
        self.assertEqual(len(league["periods"]), 2)
        best, *_rest, silent = league["rows"]
        self.assertEqual(
            (best["total"], best["trend"], best["grade"]["name"], best["history"]), (93, 23, "A", [70.0, 93.0])
        )
        self.assertEqual(best["areas"]["delivery"], 95)
        self.assertIs(best["areas"]["price"], False)
        self.assertEqual((silent["total"], silent["trend"], silent["grade"]), (False, False, False))
        self.assertEqual([grade["count"] for grade in league["grades"]], [1, 1, 0, 1, 1])
        summary = league["summary"]
        self.assertEqual((summary["falling"], summary["rising"], summary["probation"]), (1, 2, 1))
        self.assertEqual(summary["open_actions"], 1)

    def test_league_filters_and_order(self):
        def names(**filters):
            return [row["name"].split()[0] for row in self._league(**filters)["rows"]]

        self.assertEqual(names(grade_id=self.d.id), ["Worst"])
        self.assertEqual(names(grade_id=-1), ["Silent"])
        self.assertEqual(names(state="probation"), ["Worst"])
        self.assertEqual(names(search="mid"), ["Middle"])
        self.assertEqual(names(trend="falling"), ["Worst"])
        self.assertEqual(names(group_id=self.group.id, order="quality"), ["Worst", "Middle", "Best", "Silent"])
        self.assertEqual(names(order="quality", descending=True), ["Best", "Middle", "Worst", "Silent"])
        self.assertEqual(names(order="name"), ["Best", "Middle", "Silent", "Worst"])
        self.assertEqual(len(names(period="2026-04-01")), 4)
        page = self._league(offset=1, limit=2)
        self.assertEqual(([row["rank"] for row in page["rows"]], page["count"]), ([2, 3], 4))
        with self.assertRaisesRegex(UserError, "Sort by one of rank, name"):
            names(order="id; drop table")
        with self.assertRaisesRegex(UserError, "no scorecards of a period that begins on 2020-01-01"):
            names(period="2020-01-01")

    def test_card(self):
        card = self._as(self.buyer, self.env["scm.scorecard"]).get_card(self.cards[2].id)
        xmlrpc.client.dumps((card,))
        self.assertEqual((card["total"], card["trend"], card["grade"]["name"]), (40, -30, "D"))
        self.assertEqual((card["standing"]["state"], card["standing"]["probation"]), ("probation", "2027-01-03"))
        delivery, quality = card["areas"]
        self.assertEqual((delivery["score"], delivery["previous"], delivery["peers"]), (30, 70, 87.5))
        self.assertEqual(quality["lines"][0]["sample"], 12)
        self.assertEqual([one["total"] for one in card["history"]], [70, 40])
        self.assertEqual([band["name"] for band in card["bands"]], ["D", "C", "B", "A"])
        self.assertEqual(card["improvements"][0]["name"], "Grade D, 40 points: Punctual")
        self.assertFalse(card["can_decide"])
        with self.assertRaisesRegex(MissingError, "no scorecard with the id 0"):
            self.env["scm.scorecard"].get_card(0)
        silent = self._as(self.planner, self.env["scm.scorecard"]).get_card(self.cards[3].id)
        self.assertIs(silent["total"], False)

    def test_other_companies_and_people_see_nothing(self):
        for user in (self.buyer_b, self.planner_b):
            self.assertFalse(self._league(user)["rows"])
            with self.assertRaises(AccessError):
                self._as(user, self.env["scm.scorecard"]).get_card(self.cards[0].id)
        for call in (
            lambda model: model.get_league(),
            lambda model: model.get_card(self.cards[0].id),
        ):
            with self.assertRaises(AccessError):
                call(self._as(self.outsider, self.env["scm.scorecard"]))

    def test_same_number_of_queries_for_few_and_many(self):
        scorecards = self._as(self.buyer, self.env["scm.scorecard"])

        def count():
            # the first count fills the caches of words and rules, which new records empty
            self._query_count(scorecards.get_league, {"search": "mill"}, 0, 40)
            return self._query_count(scorecards.get_league, {"search": "mill"}, 0, 40)

        few = count()
        vendors = self.env["res.partner"].create([{"name": f"Small mill {number}"} for number in range(30)])
        many_cards = self.env["scm.scorecard"].union(*(self._card(vendor, 60, 90) for vendor in vendors))
        with self._at("2026-10-05"):
            many_cards._after_publish()
        self.assertEqual(few, count())
