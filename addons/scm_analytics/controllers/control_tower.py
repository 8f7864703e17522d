from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ControlTowerController(http.Controller):
    """The morning page as a workbook; rights and input are checked by the model."""

    @http.route("/scm_analytics/control_tower.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def control_tower_xlsx(self, date="", warehouse_id="0", **_kwargs):
        warehouse = int(warehouse_id) if warehouse_id.isdecimal() else 0
        tower = request.env["scm.control.tower"]
        content = tower._workbook(tower.get_tower(date or False, warehouse))
        return request.make_response(
            content,
            [("Content-Type", XLSX), ("Content-Disposition", content_disposition(f"control-tower-{date}.xlsx"))],
        )
