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
        """Odoo deletes shipped records first, in no order that their references know, and leaves names behind.

        So whatever forbids deleting a row of a table that goes is dropped before, and names of parts that went after.
        """
        self._scm_release_tables()
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

    def _scm_release_tables(self):
        """Drop the foreign keys that hold rows of our tables that go; the columns go with them."""
        self.env.flush_all()
        names = self.env["ir.model.data"].search([("model", "=", "ir.model"), ("module", "in", self.mapped("name"))])
        kept = self.env["ir.model.data"].search(
            [("model", "=", "ir.model"), ("res_id", "in", names.mapped("res_id")), ("id", "not in", names.ids)]
        )
        going = self.env["ir.model"].browse(set(names.mapped("res_id")) - set(kept.mapped("res_id"))).mapped("model")
        tables = [self.env[model]._table for model in going if model.startswith("scm.") and model in self.env]
        self.env.cr.execute(
            """SELECT holder.relname, key.conname
                 FROM pg_constraint key
                 JOIN pg_class holder ON holder.oid = key.conrelid
                 JOIN pg_class held ON held.oid = key.confrelid
                WHERE key.contype = 'f' AND key.confdeltype IN ('a', 'r') AND held.relname = ANY(%s)
                  AND held.relnamespace = 'public'::regnamespace""",
            [tables],
        )
        for table, key in self.env.cr.fetchall():
            self.env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(key)))
