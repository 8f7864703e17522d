from odoo import models

#: names that Odoo's own addons (mail, portal, sms) give to parts of our models, when nothing bears them any more
FORGET = """
    DELETE FROM ir_model_data name
     WHERE (name.model = 'ir.model.fields.selection'
            AND name.name LIKE 'selection\\_\\_scm\\_%'
            AND NOT EXISTS (SELECT FROM ir_model_fields_selection s WHERE s.id = name.res_id))
        OR (name.model = 'ir.model.inherit'
            AND name.name LIKE 'model\\_inherit\\_\\_scm\\_%'
            AND NOT EXISTS (SELECT FROM ir_model_inherit i WHERE i.id = name.res_id))"""


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def module_uninstall(self):
        """Odoo takes the models of an addon that goes, and leaves the names that others gave to their parts."""
        result = super().module_uninstall()
        self.env.cr.execute(FORGET)
        return result
