def migrate(cr, version):
    """Stock that lasts for millennia runs out on no day: earlier releases wrote days that Odoo cannot read."""
    if version:
        cr.execute("UPDATE scm_policy_proposal SET date_run_out = NULL WHERE date_run_out > '9999-12-31'")
