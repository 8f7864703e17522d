import base64
import re
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.image import image_data_uri

from .parcel_common import ParcelCase

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class RouteCase(ParcelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier.scm_is_manual = True
        cls.depot = cls._warehouse(cls.company_a)
        cls.depot.partner_id.write({"partner_latitude": 52.52, "partner_longitude": 13.40, "zip": "10178"})
        cls.driver, cls.other_driver = (
            new_test_user(cls.env, f"driver_{name}", "base.group_portal") for name in ("anna", "otto")
        )
        cls.van = cls.env["scm.vehicle"].create(
            {
                "name": "Van",
                "company_id": cls.company_a.id,
                "warehouse_id": cls.depot.id,
                "driver_id": cls.driver.id,
                "weight_capacity": 100,
            }
        )
        cls.people = cls.env["res.partner"].create(
            [
                {
                    "name": f"Person {n}",
                    "zip": "10115",
                    "city": "Berlin",
                    "country_id": cls.env.ref("base.de").id,
                    "partner_latitude": 52.50 + 0.01 * n,
                    "partner_longitude": 13.35 + 0.02 * (n % 3),
                }
                for n in range(5)
            ]
        )
        cls.parcels = cls.env["scm.parcel"].concat(
            *(cls._create_parcel(f"V{n}", partner_id=p.id, weight=10) for n, p in enumerate(cls.people))
        )

    def _plan(self, user=None, **kwargs):
        with self._at(self.TODAY, hour=6):
            routes = self._as(user or self.packer, self.env["scm.route"])
            return routes.plan_day(self.TODAY, self.depot.id, max_seconds=0.3, **kwargs)

    def _route(self, **kwargs):
        return self.env["scm.route"].browse(self._plan(**kwargs)["routes"])


class TestRoute(RouteCase):
    def test_every_stop_once_and_shorter_than_listed(self):
        made = self._plan()
        route = self.env["scm.route"].browse(made["routes"])
        self.assertEqual(route.stop_ids.partner_id, self.people)
        self.assertEqual(route.driver_id, self.driver)
        self.assertLessEqual(made["distance"], made["distance_before"])
        etas = route.stop_ids.mapped("eta")
        self.assertEqual(etas, sorted(etas))

    def test_again_is_the_same_route(self):
        route = self._route()
        self.assertEqual(self._route(), route)
        self.assertEqual(len(route.stop_ids), 5)

    def test_too_much_for_the_van(self):
        self.van.weight_capacity = 25
        made = self._plan()
        self.assertEqual(len(self.env["scm.route"].browse(made["routes"]).stop_ids), 2)
        self.assertEqual(len(made["unserved"]), 3)

    def test_a_slow_van_is_back_in_time(self):
        self.van.write({"speed": 4, "hour_to": 12.0})
        made = self._plan()
        self.assertTrue(made["unserved"], "what it cannot reach at its own speed is said, not promised")
        page = self._as(self.packer, self.env["scm.route"]).get_dispatch(self.TODAY, self.depot.id)
        self.assertEqual(page["sums"]["stops"] + len(made["unserved"]), 5)
        for row in page["routes"]:
            self.assertLessEqual(row["back"], "12:00")

    def test_dear_kilometres_drop_nobody(self):
        self.van.write({"cost_km": 10_000, "cost_hour": 500_000})
        self.assertFalse(self._plan()["unserved"])

    def test_without_position(self):
        self.people[0].write({"partner_latitude": 0, "partner_longitude": 0})
        self.people[1].write({"partner_latitude": 0, "partner_longitude": 0, "zip": "99999"})
        made = self._plan()
        self.assertEqual(made["unplaced"], [self.people[1].display_name])
        route = self.env["scm.route"].browse(made["routes"])
        self.assertTrue(route.stop_ids.filtered(lambda s: s.partner_id == self.people[0]).is_estimated)

    def test_locked_stops_stay(self):
        route = self._route()
        stop = route.stop_ids[-1]
        with self._at(self.TODAY, hour=6):
            self._as(self.packer, stop).move_to(route.id, 1)
        first = route.stop_ids[0].partner_id
        self.assertEqual(first, stop.partner_id)
        self.assertTrue(route.stop_ids[0].is_fixed)
        self.assertFalse(route.stop_ids[1].is_fixed)
        self._plan()
        self.assertEqual(route.stop_ids[0].partner_id, first)
        self.assertEqual(route.stop_ids.partner_id, self.people)

    def test_on_the_road(self):
        route = self._route()
        with self._at(self.TODAY, hour=9):
            self._as(self.packer, route).action_start()
            self.assertEqual(set(self.parcels.mapped("status")), {"out_for_delivery"})
            first, second = route.stop_ids[:2]
            first._finish("delivered", signed_by="Anna", photo=PIXEL)
            second._finish("failed", reason="nobody")
            first._finish("failed", reason="nobody")  # a second tap changes nothing
        self.assertEqual(first.parcel_ids.status, "delivered")
        self.assertEqual(first.parcel_ids.event_ids[0].signed_by, "Anna")
        self.assertEqual(second.parcel_ids.status, "attempt_failed")
        self.assertEqual((route.done_count, route.failed_count), (1, 1))
        with self._at(self.TODAY, hour=11):
            again = self._as(self.packer, self.env["scm.route"]).plan_day(self.TODAY, self.depot.id, max_seconds=0.3)
        self.assertIn(route.id, again["routes"])
        self.assertEqual(route.stop_ids[:2], first | second, "what happened stays first")
        self.assertEqual(len(route.stop_ids), 5)

    def test_failing_needs_a_reason(self):
        route = self._route()
        with self._at(self.TODAY, hour=9), self.assertRaises(UserError):
            route._start()
            route.stop_ids[0]._finish("failed")

    def test_eta_on_the_customers_page(self):
        route = self._route()
        with self._at(self.TODAY, hour=9):
            self.assertFalse(self.parcels[0]._public_view()["eta"])
            route._start()
            self.assertRegex(self.parcels[0]._public_view()["eta"], r"\d\d:\d\d – \d\d:\d\d")

    def test_rights_and_nonsense(self):
        with self.assertRaises(UserError):
            self._plan(user=self.planner)
        with self.assertRaises(ValidationError):
            self.van.hour_to = 3
        with self.assertRaises(ValidationError):
            self.people[0].scm_window_from = 30
        self.van.active = False
        with self.assertRaises(UserError):
            self._plan()

    def test_other_company(self):
        self._route()
        page = self._as(self.planner_b, self.env["scm.route"]).get_dispatch(self.TODAY, self.depot.id)
        self.assertFalse(page["routes"])
        self.assertEqual(self._as(self.planner, self.env["scm.route"]).get_dispatch(self.TODAY)["sums"]["stops"], 5)


@tagged("post_install", "-at_install")
class TestDriverPages(RouteCase, HttpCase):
    def setUp(self):
        super().setUp()
        with self._at(self.TODAY, hour=6):
            self.route = self._route()
            self.route._start()
        self.stop = self.route.stop_ids[0]

    def _post(self, url, page, files=None, **data):
        token = re.search(r'csrf_token: "([^"]+)"|name="csrf_token" value="([^"]+)"', self.url_open(page).text)
        data["csrf_token"] = token[1] or token[2]
        return self.url_open(url, data=data, files=files, allow_redirects=False)

    def test_delivered_with_proof(self):
        self.authenticate("driver_anna", "driver_anna")
        page = f"/my/routes/{self.route.id}"
        self.assertIn(self.stop.partner_id.name, self.url_open(page).text)
        answer = self._post(
            f"{page}/stops/{self.stop.id}",
            page,
            files={"photo": ("door.png", base64.b64decode(PIXEL), "image/png")},
            state="delivered",
            signed_by="<b>Anna</b>",
            signature=image_data_uri(PIXEL),
        )
        self.assertIn("said=delivered", answer.headers["Location"])
        self.assertEqual(self.stop.state, "delivered")
        self.assertTrue(self.stop.photo and self.stop.signature)
        self.assertEqual(self.stop.parcel_ids.status, "delivered")

    def test_wrong_files(self):
        self.authenticate("driver_anna", "driver_anna")
        page = f"/my/routes/{self.route.id}"
        for extra in (
            {"files": {"photo": ("x.png", b"<svg onload=alert(1)>", "image/png")}},
            {"signature": "data:image/svg+xml;base64,PHN2Zz4="},
            {"signature": "data:image/png;base64,!!"},
        ):
            answer = self._post(f"{page}/stops/{self.stop.id}", page, state="delivered", **extra)
            self.assertIn("said=unclear", answer.headers["Location"])
        self.assertEqual(self.stop.state, "todo")

    def test_another_drivers_route(self):
        self.authenticate("driver_otto", "driver_otto")
        page = f"/my/routes/{self.route.id}"
        self.assertNotIn(self.stop.partner_id.name, self.url_open(page).text)
        self.assertNotIn(self.van.name, self.url_open("/my/routes").text)
        for url in (f"{page}/stops/{self.stop.id}", f"{page}/start"):
            answer = self._post(url, "/my/routes", state="delivered")
            self.assertEqual(answer.headers["Location"].split("?")[0].rstrip("/")[-10:], "/my/routes")
        self.assertEqual(self.stop.state, "todo")

    def test_a_stop_of_another_route(self):
        other = self.env["scm.route"].create(
            {
                "date": self.TODAY + timedelta(days=1),
                "company_id": self.company_a.id,
                "warehouse_id": self.depot.id,
                "vehicle_id": self.van.id,
                "driver_id": self.other_driver.id,
            }
        )
        self.authenticate("driver_otto", "driver_otto")
        self._post(f"/my/routes/{other.id}/stops/{self.stop.id}", "/my/routes", state="delivered")
        self.assertEqual(self.stop.state, "todo")

    @mute_logger("odoo.http")
    def test_not_logged_in_or_without_csrf(self):
        page = f"/my/routes/{self.route.id}"
        self.assertIn("/web/login", self.url_open(page).url)
        self.authenticate("driver_anna", "driver_anna")
        answer = self.url_open(f"{page}/stops/{self.stop.id}", data={"state": "delivered"})
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.stop.state, "todo")
