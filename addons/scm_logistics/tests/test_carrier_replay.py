from odoo.exceptions import AccessError, UserError

from .choice_common import ChoiceCase


class TestCarrierReplay(ChoiceCase):
    """Before July the cheap carrier was late every other time and the good one never; then it went on like that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._class("Default", 20.0, is_default=True)
        cls._parcels("2026-05-04", cls.cheap, 40, 5.0, late_every=2)
        cls._parcels("2026-05-04", cls.good, 40, 7.0)
        cls._parcels("2026-08-03", cls.cheap, 30, 5.0, late_every=2)
        cls._parcels("2026-09-07", cls.good, 10, 7.0)

    @classmethod
    def _parcels(cls, day, carrier, count, cost, late_every=0, **values):
        base = {
            "company_id": cls.company_a.id, "carrier_id": carrier.id, "warehouse_id": cls.warehouse_a.id,
            "zone_id": cls.zone.id, "weight": 1.0, "value": 30.0, "cost_expected": cost, "is_final": True,
            "date_handed": f"{day} 10:00:00", "date_delivered": f"{day} 23:00:00", **values,
        }  # fmt: skip
        late = [bool(late_every) and number % late_every == 0 for number in range(count)]
        return cls.env["scm.parcel"].create(
            [
                base | {"name": f"{carrier.name} {n}", "is_late": one, "days_late": int(one)}
                for n, one in enumerate(late)
            ]
        )

    def _replay(self, **days):
        with self._at("2026-11-23"):
            replays = self._as(self.manager, self.env["scm.carrier.replay"])
            run = self.env["scm.carrier.replay"].browse(replays.start_replay(**days))
            run._process()
        return run

    def test_the_last_quarter(self):
        run = self._replay()
        self.assertRecordValues(
            run,
            [{"state": "done", "parcels": 40, "changed": 30, "freight_was": 220.0, "late_was": 15.0, "done_count": 40}],
        )
        self.assertEqual(str(run.date_from), "2026-07-01")
        self.assertEqual(run.cost_was, 220.0 + 15 * 20.0)
        # all go with the good carrier: 30 more at about what it cost and delivered in the quarter
        self.assertLess(run.late_would, 6.0)
        self.assertLess(run.cost_would, run.cost_was - 80)
        self.assertAlmostEqual(run.why["value"], run.cost_was - run.cost_would, 2)
        codes = {term["code"] for term in run.why["terms"]} | set(run.why["notes"])
        self.assertLess(codes, set(self.env["scm.why"].labels()))
        [moved] = run.line_ids.filtered(lambda line: line.carrier_id != line.suggested_id)
        self.assertEqual((moved.carrier_id, moved.suggested_id, moved.parcels), (self.cheap, self.good, 30))

    def test_it_knows_only_what_was_before(self):
        """The good carrier turns bad in the quarter: the choice cannot know, and the replay says what it would cost."""
        self._parcels("2026-08-10", self.good, 60, 7.0, late_every=1)
        run = self._replay()
        self.assertEqual(run.changed, 30)
        self.assertGreater(run.late_would, run.late_was)

    def test_limits_and_what_customers_chose(self):
        self.good.scm_share_max = 0.5
        august = self._replay(date_from="2026-08-01", date_to="2026-08-31")
        self.assertEqual(august.changed, 15)
        self.cheap.scm_in_choice = False
        self.assertEqual(self._replay(date_from="2026-08-01", date_to="2026-08-31").changed, 0)

    def test_no_parcels_is_no_error(self):
        run = self._replay(date_from="2025-01-01", date_to="2025-01-31")
        self.assertRecordValues(run, [{"state": "done", "parcels": 0, "cost_would": 0.0}])

    def test_who_may_and_bad_days(self):
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.carrier.replay"]).start_replay()
        with self._at("2026-11-23"), self.assertRaisesRegex(UserError, "period that is over"):
            self._as(self.manager, self.env["scm.carrier.replay"]).start_replay("2026-12-01", "2026-12-31")
