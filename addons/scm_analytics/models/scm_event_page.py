from odoo import api, models


class ScmEventPage(models.AbstractModel):
    """The event page: expected against actual by the hour, with a projection to the end, live or replayed."""

    _name = "scm.event.page"
    _description = "Event Page"

    @api.model
    def _check_reader(self):
        self.env["scm.metric"]._check_reader()
