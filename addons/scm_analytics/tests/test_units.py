from lxml import etree
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestUnits(TransactionCase):
    """Each number in a list of the suite has a unit that its export can name."""

    def test_each_number_of_a_list_has_a_unit(self):
        views = self.env["ir.ui.view"].search(
            [("type", "=", "list"), ("model", "=like", "scm.%"), ("mode", "=", "primary")], order="id"
        )
        missing, words = [], self.env["scm.units"]._words()
        for model in sorted(set(views.mapped("model")) & set(self.env.registry)):
            names = set()
            for arch in views.filtered(lambda view, own=model: view.model == own).mapped("arch"):
                names |= {node.get("name") for node in etree.fromstring(arch).iter("field")}
            units = self.env["scm.units"]._of_model(model, names)
            missing += [f"{model}.{name}" for name, unit in units.items() if not unit]
        self.assertFalse(missing, "say it in the label or the name, or in _field_units of the addon's scm.units")
        known = self.env["scm.units"]._field_units()
        self.assertFalse(set(known.values()) - words.keys(), "a unit has words")
        for path in known:
            model, _dot, name = path.rpartition(".")
            self.assertIn(name, self.env[model]._fields, path)
