from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_on_time_tolerance_days = fields.Integer(
        "On-time Tolerance (days)",
        default=0,
        help="A receipt counts as on time up to this many days after the promised date.",
    )
    scm_class_window_days = fields.Integer(
        "Class Window (days)", default=365, help="Days of consumption by which products are classed."
    )
    scm_abc_cut_a = fields.Float(
        "A up to (%)", default=80.0, help="The products that make the first 80 % of value, picks or volume are A."
    )
    scm_abc_cut_b = fields.Float("B up to (%)", default=95.0)
    scm_xyz_cut_x = fields.Float(
        "X up to", default=0.5, help="Largest coefficient of variation of weekly consumption of a steady product (X)."
    )
    scm_xyz_cut_y = fields.Float("Y up to", default=1.0)

    _scm_tolerance_positive = models.Constraint(
        "CHECK(scm_on_time_tolerance_days >= 0)", "The on-time tolerance cannot be negative."
    )
    _scm_class_window_positive = models.Constraint(
        "CHECK(scm_class_window_days >= 28)", "Products are classed by at least 28 days of consumption."
    )
    _scm_abc_cuts_rise = models.Constraint(
        "CHECK(0 < scm_abc_cut_a AND scm_abc_cut_a <= scm_abc_cut_b AND scm_abc_cut_b <= 100)",
        "The ABC limits must rise: above 0, A up to B, B up to 100.",
    )
    _scm_xyz_cuts_rise = models.Constraint(
        "CHECK(0 < scm_xyz_cut_x AND scm_xyz_cut_x <= scm_xyz_cut_y)", "The XYZ limits must rise above 0."
    )
