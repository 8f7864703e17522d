import base64
import inspect

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .forecast_common import ForecastCase

NAN, INF = float("nan"), float("inf")
#: methods of the ORM that an addon may extend
STANDARD = {"create", "write", "unlink", "copy", "init", "update_db_foreign_key", "default_get", "ensure_one"}


@tagged("post_install", "-at_install")
class TestBadSettings(ForecastCase):
    """Nonsense in policies, events and settings is refused with a sentence, not stored."""

    def _refused(self, function, *args, **kwargs):
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                function(*args, **kwargs)
        except (IntegrityError, UserError):
            return
        self.fail(f"accepted: {args} {kwargs}")

    def _policy(self, **values):
        return self.env["scm.inventory.policy"].with_user(self.manager).create({"name": "Own", **values})

    def test_policy(self):
        self._policy(service_level=0.999, review_days=366, cover_min_days=10, cover_max_days=10, holding_rate=10)
        for values in (
            *({"service_level": level} for level in (0, 0.4, 1, 2.5)),
            *({"review_days": days} for days in (-1, 0, 1e300, INF, NAN)),
            *({"cover_min_days": days} for days in (-1, NAN)),
            *({"cover_max_days": days} for days in (-1, 1e300, INF, NAN)),
            {"cover_min_days": 30, "cover_max_days": 10},
            *({"ordering_cost": cost} for cost in (-1, 1e300)),
            *({"holding_rate": rate} for rate in (-1, 99)),
        ):
            self._refused(self._policy, **values)

    def test_settings(self):
        for values in (
            *({"scm_forecast_weeks": weeks} for weeks in (-3, 0, 105, 100_000)),
            *({"scm_history_weeks": weeks} for weeks in (0, 12, 521)),
            {"scm_forecast_keep": 0},
            *({"scm_daily_picks": picks} for picks in (-5, NAN)),
            {"scm_class_window_days": 0},
            *({"scm_abc_cut_a": cut} for cut in (0, 99, NAN)),
        ):
            self._refused(self.company_a.write, values)

    def _event(self, **values):
        return self.env["scm.event"].with_user(self.manager).create({"name": "Fair", **values})

    def test_event(self):
        fixed = {"source": "fixed", "month": "2", "day": 1}
        for values in (
            *({"lead_in_days": days} for days in (-1, 1000, 10**9)),
            *({"after_days": days} for days in (-1, 1000)),
            *({"duration_days": days} for days in (0, 1000)),
            *({"expected_uplift": uplift} for uplift in (-2, 1e300, NAN)),
            fixed | {"offset_days": 10**9},
            fixed | {"duration_days": 10**9},
            fixed | {"day": 31},
            {"source": "computed", "rule": "nope"},
        ):
            self._refused(self._event, **values)

    def test_event_names_what_its_dates_need(self):
        for source, words in (
            ("holidays", "Calendar of, Holiday"),
            ("fixed", "Month"),
            ("weekday", "Month, Weekday, Week Of Month"),
        ):
            with self.subTest(source=source), self.assertRaisesRegex(ValidationError, f"Fair.*{words}"):
                self._event(source=source)

    def test_occurrence(self):
        event = self._event()
        days = {"date_start": "2026-05-01", "date_end": "2026-05-02"}
        create = self.env["scm.event.occurrence"].with_user(self.manager).create
        create({"event_id": event.id, **days})
        for values in (
            {"date_end": "2026-04-30"},
            {"date_start": "0001-01-01", "date_end": "9999-12-31"},
            {"date_start": "2024-05-01"},
            *({"strength": strength} for strength in (-1, 1e300, NAN)),
        ):
            self._refused(create, {"event_id": event.id, **days, **values})

    def test_calendar_of_no_days(self):
        calendar = self.env["scm.event"].with_user(self.manager).get_calendar
        for text in ("soon", None, 5, "0001-01-01", "9999-12-31"):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, "YYYY-MM-DD"):
                calendar(self.company_a.id, "2026-01-01", text)


@tagged("post_install", "-at_install")
class TestBadSeries(ForecastCase):
    """History as it is in real companies: the plan stays usable, and one bad product harms no other."""

    def _weeks(self, change):
        quantities = [10.0] * 104
        change(quantities)
        [product] = self.env["product.product"].create([{"name": "Item", "is_storable": True}])
        self._create_weekly_demand(product, quantities)
        return product

    def _forecasts(self, *changes):
        """{name of the change: forecast} of one item per change, after one run over all of them."""
        products = {self._weeks(change): change.__name__ for change in changes}
        run = self._run()
        self.assertEqual(run.state, "done", run.message)
        return {products[forecast.product_id]: forecast for forecast in run.forecast_ids}

    def test_gaps_outliers_and_negative_days(self):
        def steady(weeks):
            pass

        def gap(weeks):
            weeks[40:60] = [0] * 20

        def outlier(weeks):
            weeks[50] = 100.0

        def negative(weeks):
            weeks[50] = -30.0

        found = self._forecasts(steady, gap, outlier, negative)
        for name, forecast in found.items():
            with self.subTest(name):
                self.assertAlmostEqual(forecast.mean_week, 10, delta=0.5)

    def test_quantity_without_sense(self):
        def huge(weeks):
            weeks[50] = 1e12

        [forecast] = self._forecasts(huge).values()
        self.assertTrue(all(0 <= line.quantity < 100 for line in forecast.line_ids))

    def test_product_archived_meanwhile(self):
        first, second = self._create_products(2)
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
            run.state = "running"
            while not run.item_count:
                run._next_batch()
            first.action_archive()
            run._process()
        self.assertEqual((run.state, run.error_count), ("done", 0))
        plan = self.env["scm.policy.proposal"].search([("company_id", "=", self.company_a.id)])
        self.assertEqual(plan.product_id, second)

    def test_override_of_nonsense(self):
        [product] = self._create_products(1)
        run = self._run()
        line = run.forecast_ids.line_ids[0].with_user(self.planner)
        for quantity in ("many", "5", [5], False, -1, NAN, INF, 1e300):
            with self.subTest(quantity=quantity), self.assertRaisesRegex(UserError, "0 or more"):
                line.action_override(quantity, "Typo")
        forecasts = self.env["scm.forecast"].with_user(self.planner)
        for quantities in ([5], {"soon": 5}, {"2020-01-01": 5}):
            with self.subTest(quantities=quantities), self.assertRaises(UserError):
                forecasts.override(product.id, self.warehouse_a.id, quantities, "Typo")
        self.assertFalse(line.is_overridden)


@tagged("post_install", "-at_install")
class TestOutsider(ForecastCase):
    """Somebody without any role in planning calls what can be called, with ids that exist."""

    #: what tells nothing of the company
    HARMLESS = {("scm.why", "labels")}

    def _public_methods(self):
        for name in sorted(self.env.registry):
            model = self.env[name]
            mixin = model._abstract and type(model)._inherit_children
            if not name.startswith("scm.") or model._transient or mixin:
                continue
            for method, function in inspect.getmembers(type(model), inspect.isfunction):
                own = function.__module__.startswith("odoo.addons.scm_")
                standard = method in STANDARD
                private = method.startswith("_") or getattr(function, "_api_private", False)
                if own and not private and not standard and (name, method) not in self.HARMLESS:
                    yield name, method, function

    def _arguments(self, function):
        values = {"company_id": self.company_a.id, "product_id": self.product.id, "warehouse_id": self.warehouse_a.id}
        values |= {"quantities": {str(self.monday): 1.0}, "reason": "Mine", "until": "2099-01-01", "quantity": 1.0}
        values |= {"date_from": "2026-01-01", "date_to": "2026-12-31", "date": "2026-12-01", "method": False}
        values |= {"date_end": "2026-12-31", "level": "company", "levels": [1], "month": "2026-12-01", "values": {}}
        parameters = list(inspect.signature(function).parameters.values())[1:]
        required = [parameter for parameter in parameters if parameter.default is parameter.empty]
        # Whoever has no role is refused before anybody looks at an argument: what is not named above is a number.
        return [values.get(item.name, 1) for item in required if item.kind is item.POSITIONAL_OR_KEYWORD]

    def _call(self, name, method, function):
        """What the outsider gets: nothing but a refusal, or a window or link that will refuse to open."""
        own = self.env[name].search([], limit=1) if not self.env[name]._abstract else self.env[name]
        records = self.env[name].with_user(self.outsider).browse(own.ids)
        try:
            with self.env.cr.savepoint():
                found = getattr(records, method)(*self._arguments(function))
        except AccessError:
            return
        with self.assertRaises(AccessError):
            if found["type"] == "ir.actions.act_url":
                records.check_access("read")
            self.env[found["res_model"]].with_user(self.outsider).search(found.get("domain") or [])

    def test_every_public_method(self):
        [self.product] = self._create_products(1)
        self._run()
        company = {"company_id": self.company_a.id}
        self.env["scm.import"].create({"importer": "demand", "file": base64.b64encode(b"Product"), **company})
        item = company | {"product_id": self.product.id, "warehouse_id": self.warehouse_a.id}
        self.env["scm.stockout"].create({"date_from": "2026-05-01", **item})
        alert_type = self.env["scm.alert.type"].search([], limit=1)
        self.env["scm.alert"]._sync(alert_type.code, self.company_a, [{"subject_key": "x", "name": "X"}])
        asked = 0
        for name, method, function in self._public_methods():
            model = self.env[name]
            if model._abstract or getattr(function, "_api_model", False) or model.search([], limit=1):
                asked += 1
                with self.subTest(f"{name}.{method}"):
                    self._call(name, method, function)
        self.assertGreater(asked, 30)
