from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "parcel_state": self.env._("Status, by the events of the parcel"),
            "parcel_last_event": self.env._(
                "the last event that counts; after delivered or returned only a person's word and a return count"
            ),
            "parcel_status": self.env._("Status"),
            "parcel_sub_status": self.env._("In detail"),
            "parcel_source": self.env._("Decided by"),
            "parcel_raw_code": self.env._("Its code"),
            "parcel_ignored": self.env._("Events that came after the end"),
            "parcel_doubtful": self.env._("Time stamps that cannot be right"),
            "parcel_doubtful_note": self.env._(
                "A stamp in the future or before 2000 cannot be right: the moment of hearing was taken."
            ),
            **dict(self.env["scm.parcel"]._fields["status"]._description_selection(self.env)),
        }
