from odoo import fields, models


class ScmDemandBasis(models.Model):
    """What each product was when its sales were counted: a change of type, unit or kit restates its demand.

    A plain ledger without foreign keys: rows are only ever written by one SQL statement.
    """

    _name = "scm.demand.basis"
    _description = "Demand: product as counted"
    _log_access = False

    company_id = fields.Integer(required=True)
    product_id = fields.Integer(required=True)
    basis = fields.Char(required=True)

    _product_uniq = models.Constraint("UNIQUE(company_id, product_id)", "One row per company and product.")

    def _get_redirect_suggested_company(self):
        # Odoo asks for the company, as a record, while it words a refusal
        return self.env["res.company"].browse(set(self.mapped("company_id")))
