from odoo import api, models


class ScmHallPart(models.AbstractModel):
    """A part of a hall that ways lead along or to: when one changes, the ways are measured again."""

    _name = "scm.hall.part"
    _description = "Part of a Hall"

    #: fields without which no way changes
    _measured_by = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        self.env["stock.warehouse"]._scm_travel_later()
        return created

    def write(self, vals):
        done = super().write(vals)
        if vals.keys() & self._measured_by:
            self.env["stock.warehouse"]._scm_travel_later()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_measure_again(self):
        self.env["stock.warehouse"]._scm_travel_later()
