from odoo import api, fields, models
from odoo.tools.misc import formatLang

#: digits behind the point by unit
DIGITS = {"money": 0, "percent": 1, "days": 1, "hours": 1, "ratio": 2, "kg": 3}


class ScmControlTower(models.AbstractModel):
    """The morning page as words and numbers in the reader's language: for the mail, the print and the workbook."""

    _inherit = "scm.control.tower"

    @api.model
    def _page(self, tower):
        """What :meth:`get_tower` returned by area, with each number as text."""
        company = self.env.company
        areas = []
        for key, label in tower["areas"]:
            tiles = [self._words(tile, company) for tile in tower["tiles"] if tile["area"] == key]
            if tiles:
                areas.append({"label": label, "tiles": tiles})
        alerts = [
            alert | {"money": company.currency_id.format(alert["money"]) if alert["money"] else ""}
            for alert in tower["alerts"]
        ]
        return {
            "company": company.name,
            "date": fields.Date.to_date(tower["date"]),
            "areas": areas,
            "alerts": alerts,
            "frozen": tower["frozen"],
            "url": f"{self.get_base_url()}/odoo/scm-control-tower",
        }

    def _words(self, tile, company):
        return {
            "name": tile["name"],
            "value": self._number(tile["value"], tile["unit"], company),
            "weekday": self._number(tile["weekday"], tile["unit"], company),
            "target": self._number(tile["target"], tile["unit"], company),
            "tone": tile["tone"],
            "note": tile["note"] and f"{tile['note']['owner']}: {tile['note']['text']}",
        }

    @api.model
    def _number(self, value, unit, company):
        """A number as the reader writes it; a dash where there is none."""
        if value is False:
            return "–"
        digits = DIGITS.get(unit, 0)
        if unit == "money":
            return company.currency_id.format(value)
        if unit == "percent":
            return f"{formatLang(self.env, value * 100, digits=digits)} %"
        text = formatLang(self.env, value, digits=digits)
        if unit == "days":
            return self.env._("%(days)s d", days=text)
        if unit == "hours":
            return self.env._("%(hours)s h", hours=text)
        if unit == "kg":
            return self.env._("%(weight)s kg", weight=text)
        return text
