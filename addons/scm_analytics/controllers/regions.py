from odoo import http
from odoo.http import content_disposition, request

from .control_tower import XLSX


class RegionsController(http.Controller):
    """The region page as a workbook; rights and input are checked by the model."""

    @http.route("/scm_analytics/regions.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def regions_xlsx(self, days="28", compare="previous", warehouse_id="0", category_id="0", date_to="", **_kwargs):
        numbers = [int(text) if text.isdecimal() else 0 for text in (days, warehouse_id, category_id)]
        regions = request.env["scm.regions"]
        page = regions.get_regions(numbers[0], compare, numbers[1], numbers[2], date_to or False)
        return request.make_response(
            regions._page_workbook(page),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"regions-{page['date_to']}.xlsx")),
            ],
        )
