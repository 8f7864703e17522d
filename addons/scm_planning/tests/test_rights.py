"""What cannot be done over RPC: write what only a run, a method or a colleague's company may write."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestRights(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product("Steady", vendor=cls.vendor, delay=14)
        cls.run_a = cls._create_forecast({cls.product: 70})
        cls.rule = cls._create_rule(cls.product, 5, 10)
        cls._refresh()
        cls.manager_b = cls._create_user(
            "manager_b", "scm_base.scm_group_manager", "stock.group_stock_manager", companies=cls.company_b
        )

    def test_runs_change_only_by_their_methods(self):
        run = self._as(self.manager, self.run_a)
        for values in ({"published": False}, {"state": "running"}, {"current": False}, {"message": "x"}):
            with self.assertRaises(AccessError, msg=str(values)):
                run.write(values)
        with self.assertRaises(AccessError):
            run.create({"company_id": self.company_a.id, "state": "done", "published": True})
        with self.assertRaises(AccessError):
            self._as(self.planner, self.run_a).unlink()
        self.run_a.current = False
        run.unlink()
        self.assertFalse(self.run_a.exists())

    def test_results_of_a_run_cannot_be_smuggled_in(self):
        values = {"res_model": "scm.forecast.run", "res_id": self.run_a.id, "res_field": "spool", "raw": b"x"}
        with self.assertRaises(AccessError):
            self._as(self.manager, self.env["ir.attachment"]).create({"name": "spool", **values})

    def test_manager_starts_and_cancels(self):
        with self._at(self.TODAY):
            run_id = self._as(self.manager, self.env["scm.forecast.run"]).run_now()
        run = self.env["scm.forecast.run"].browse(run_id)
        self.assertEqual((run.state, run.company_id, run.user_id), ("queued", self.company_a, self.manager))
        for user in (self.planner, self.outsider, self.manager_b):
            with self.assertRaises(AccessError, msg=user.name):
                self._as(user, run).action_cancel()
        self._as(self.manager, run).action_cancel()
        self.assertEqual(run.state, "cancelled")

    def test_ids_of_another_company(self):
        proposal = self._proposal(self.product)
        with self._at(self.TODAY):
            proposal.with_user(self.buyer).apply_proposals()
        forecast = self.run_a.forecast_ids
        line = forecast.line_ids[0]
        theirs = self.env(user=self.manager_b, context={"allowed_company_ids": self.company_b.ids})
        calls = {
            "run_now": lambda: theirs["scm.forecast.run"].run_now(self.company_a.id),
            "refresh_demand": lambda: theirs["scm.demand.day"].refresh_demand(self.company_a.ids),
            "action_override": lambda: line.with_env(theirs).action_override(5, "mine"),
            "action_fix_method": lambda: forecast.with_env(theirs).action_fix_method("mean13"),
            "action_open_forecasts": lambda: self.run_a.with_env(theirs).action_cancel(),
            "get_calendar": lambda: theirs["scm.event"].get_calendar(self.company_a.id, "2026-01-01", "2026-12-31"),
        }
        for action in ("apply_proposals", "reject", "undo", "replenish", "action_refresh", "action_open_forecast"):
            calls[action] = getattr(proposal.with_env(theirs), action)
        calls["change.undo"] = proposal.change_ids.with_env(theirs).undo
        for name, call in calls.items():
            with self.assertRaises(AccessError, msg=name):
                call()
        self.assertEqual(proposal.state, "applied")
        self.assertFalse(line.is_overridden)

    def test_names_of_another_company(self):
        """Calls that name a product and a warehouse find nothing there."""
        theirs = self.env(user=self.manager_b, context={"allowed_company_ids": self.company_b.ids})
        day = str(self.run_a.date_from)
        with self.assertRaisesRegex(Exception, "no period that starts on"):
            theirs["scm.forecast"].override(self.product.id, self.warehouse_a.id, {day: 1.0}, "mine")
        with self.assertRaisesRegex(Exception, "no such warehouse"):
            theirs["scm.forecast.chart"].get_forecast_chart(self.product.id, self.warehouse_a.id)
        chart = theirs["scm.forecast.chart"].get_forecast_chart(self.product.id)
        self.assertEqual((chart["forecast"], chart["history"]), ([], []))

    def test_nobody_writes_proposals_changes_and_demand(self):
        proposal = self._proposal(self.product)
        with self._at(self.TODAY):
            proposal.with_user(self.buyer).apply_proposals()
        self.env.flush_all()
        closed = ("scm.policy.proposal", "scm.policy.change", "scm.demand.day", "scm.forecast", "scm.product.class")
        for model in closed:
            for operation in ("create", "write", "unlink"):
                self.assertFalse(self.env[model].with_user(self.buyer).has_access(operation), f"{operation} {model}")

    def test_policy_cannot_be_moved_to_another_company(self):
        policies = self._as(self.manager, self.env["scm.inventory.policy"])
        policy = policies.create({"name": "Mine"})
        with self.assertRaises(AccessError):
            policy.company_id = self.company_b
        with self.assertRaises(AccessError):
            policies.create({"name": "Theirs", "company_id": self.company_b.id})
        theirs = self.env["scm.inventory.policy"].search([("company_id", "=", self.company_b.id)], limit=1)
        with self.assertRaises(AccessError):
            self._as(self.manager, theirs).service_level = 0.6
        with self.assertRaises(AccessError):
            self._as(self.planner, policy).service_level = 0.6

    def test_events_of_another_company(self):
        event = self.env["scm.event"].create({"name": "Theirs", "company_id": self.company_b.id})
        own = self._as(self.manager, self.env["scm.event"]).create({"name": "Mine", "company_id": self.company_a.id})
        with self.assertRaises(AccessError):
            self._as(self.manager, event).name = "Ours"
        dates = {"date_start": "2026-12-01", "date_end": "2026-12-02"}
        occurrences = self._as(self.manager, self.env["scm.event.occurrence"])
        with self.assertRaises(AccessError):
            occurrences.create({"event_id": event.id, **dates})
        mine = occurrences.create({"event_id": own.id, **dates})
        with self.assertRaises(AccessError):
            mine.event_id = event.id
        with self.assertRaises(AccessError):
            own.company_id = self.company_b
