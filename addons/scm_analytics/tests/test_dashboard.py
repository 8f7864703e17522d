import json

from odoo.tests import tagged

from .metric_common import MetricCase

CODES = ("inventory", "suppliers", "delivery", "aftersales", "planning")


@tagged("post_install", "-at_install")
class TestDashboard(MetricCase):
    """The spreadsheet dashboards ask for what there is, and are for users of the supply chain."""

    def test_fields_and_filters_exist(self):
        for code in CODES:
            dashboard = self.env.ref(f"scm_analytics.scm_dashboard_{code}")
            content = json.loads(dashboard.spreadsheet_data)
            dashboard._check_spreadsheet_data()
            for source in self._sources(content):
                for match in source["matching"].values():
                    with self.subTest(dashboard=code, model=source["model"], chain=match["chain"]):
                        self.assertIn(match["chain"], self.env[source["model"]]._fields)

    def _sources(self, content):
        for part in (*content["pivots"].values(), *content["lists"].values()):
            yield {"model": part["model"], "matching": part["fieldMatching"]}
        for figure in content["sheets"][0]["figures"]:
            if figure["data"]["type"].startswith("odoo_"):
                yield {
                    "model": figure["data"]["metaData"]["resModel"],
                    "matching": figure["data"]["fieldMatching"],
                }

    def test_who_sees_them(self):
        mine = [self.env.ref(f"scm_analytics.scm_dashboard_{code}").id for code in CODES]
        dashboards = self.env["spreadsheet.dashboard"]
        self.assertEqual(dashboards.with_user(self.planner).search_count([("id", "in", mine)]), len(CODES))
        self.assertFalse(dashboards.with_user(self.outsider).search([("id", "in", mine)]))
