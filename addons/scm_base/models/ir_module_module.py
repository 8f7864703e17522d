from odoo import models
from odoo.tools import SQL

#: parts of a model that other addons name: mail, portal and sms those of its threads, scm_base those of its runs
PARTS = {
    "ir.model.fields.selection": ("ir_model_fields_selection", r"selection\_\_scm\_%"),
    "ir.model.inherit": ("ir_model_inherit", r"model\_inherit\_\_scm\_%"),
    "ir.model.constraint": ("ir_model_constraint", r"constraint\_scm\_%"),
}


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def module_uninstall(self):
        """Odoo takes the models of an addon that goes, and leaves the names that others gave to their parts."""
        result = super().module_uninstall()
        for model, (table, pattern) in PARTS.items():
            self.env.cr.execute(
                SQL(
                    """DELETE FROM ir_model_data known WHERE known.model = %s AND known.name LIKE %s
                          AND NOT EXISTS (SELECT FROM %s part WHERE part.id = known.res_id)""",
                    model,
                    pattern,
                    SQL.identifier(table),
                )
            )
        return result
