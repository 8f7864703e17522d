from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_on_time_tolerance_days = fields.Integer(related="company_id.scm_on_time_tolerance_days", readonly=False)
    scm_class_window_days = fields.Integer(related="company_id.scm_class_window_days", readonly=False)
    scm_abc_cut_a = fields.Float(related="company_id.scm_abc_cut_a", readonly=False)
    scm_abc_cut_b = fields.Float(related="company_id.scm_abc_cut_b", readonly=False)
    scm_xyz_cut_x = fields.Float(related="company_id.scm_xyz_cut_x", readonly=False)
    scm_xyz_cut_y = fields.Float(related="company_id.scm_xyz_cut_y", readonly=False)
