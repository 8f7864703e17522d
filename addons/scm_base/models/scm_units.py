import re

from lxml import etree
from odoo import api, models

#: a unit that a label ends with: "Lead Time (days)"
IN_LABEL = re.compile(r"\(([^()]{1,20})\)\s*$")
#: widgets of lists that say what a number is
WIDGETS = {"percentage": "percent", "monetary": "money", "float_time": "clock"}
#: what the words of a name say of a number, first match first
NAMES = (
    (re.compile(r"(^|_)days?($|_)"), "days"),
    (re.compile(r"(^|_)hours?($|_)"), "hours"),
    (re.compile(r"(^|_)minutes?($|_)"), "minutes"),
    (re.compile(r"(^|_)weeks?($|_)"), "weeks"),
    (re.compile(r"(^|_)kg($|_)"), "kg"),
    (re.compile(r"(^|_)percent($|_)"), "per_cent"),
    (re.compile(r"(^|_)p(_value|_adjusted)?$"), "probability"),
    (re.compile(r"(^|_)(qty|quantity|units|demand)($|_)"), "quantity"),
)


class ScmUnits(models.AbstractModel):
    """In which unit a number of ours is: read from its type, its label, its name and the lists that show it.

    What these do not say stands in :meth:`_field_units`, which each addon extends for its own models.
    """

    _name = "scm.units"
    _description = "Units of Numbers"

    @api.model
    def _field_units(self):
        """Hook: ``{"model.field": unit}`` with a unit of :meth:`_words`."""
        return {"scm.product.class.cv": "ratio"}

    @api.model
    def _words(self):
        """``{unit: word}`` in the language of the user; the unit of money is the currency."""
        return {
            "money": self.env.company.currency_id.name,
            "percent": self.env._("%"),
            "per_cent": self.env._("per cent as a number"),
            "share": self.env._("share, 1 = all"),
            "days": self.env._("days"),
            "weeks": self.env._("weeks"),
            "hours": self.env._("hours"),
            "minutes": self.env._("minutes"),
            "clock": self.env._("hours:minutes"),
            "kg": self.env._("kg"),
            "metres": self.env._("m"),
            "quantity": self.env._("product's unit"),
            "number": self.env._("number"),
            "points": self.env._("points"),
            "ratio": self.env._("ratio"),
            "probability": self.env._("probability, 0 to 1"),
            "of_row": self.env._("as the row says"),
        }

    @api.model
    def _of_model(self, model, names=None):
        """``{field: unit or False}`` of the numbers of a model, by one query; see :meth:`_words`.

        A text that is no unit of there stands in the label itself.
        """
        fields = self.env[model]._fields
        widgets = self._widgets(model)
        known = self._field_units()
        return {
            name: known.get(f"{model}.{name}") or self._unit(fields[name], widgets.get(name))
            for name in (names or fields)
            if name in fields and fields[name].type in ("integer", "float", "monetary")
        }

    @api.model
    def _unit(self, field, widget):
        if field.type == "monetary":
            return "money"
        if widget in WIDGETS:
            return WIDGETS[widget]
        if found := IN_LABEL.search(field.string or ""):
            return found.group(1)
        for pattern, unit in NAMES:
            if pattern.search(field.name):
                return unit
        if field.type == "integer":
            return "number"
        return "quantity" if getattr(field, "_digits", None) == "Product Unit" else False

    @api.model
    def _widgets(self, model):
        """``{field: widget}`` of the lists of a model."""
        # sudo: how lists show fields, not what is in them
        views = self.env["ir.ui.view"].sudo().search([("model", "=", model), ("type", "=", "list")], order="id")
        found = {}
        for arch in views.mapped("arch_db"):
            for node in etree.fromstring(arch).iter("field"):
                if node.get("name") and node.get("widget"):
                    found.setdefault(node.get("name"), node.get("widget"))
        return found
