from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

SHOWN_EVENTS = 50


class ScmTrackingSample(models.TransientModel):
    """Paste a message of a provider and see what would be understood, before anything is stored."""

    _name = "scm.tracking.sample"
    _description = "Try a Message"

    provider_id = fields.Many2one("scm.tracking.provider", required=True, readonly=True)
    kind = fields.Selection(related="provider_id.kind")
    sample = fields.Text("Message", help="As the provider sends it: JSON; of Kuaidi100, the text of the field param.")
    result_html = fields.Html("What We Read", compute="_compute_result_html", sanitize=False)

    @api.depends("sample", "provider_id")
    def _compute_result_html(self):
        for wizard in self:
            if not (wizard.sample or "").strip() or not wizard.provider_id:
                wizard.result_html = False
                continue
            try:
                found = self.env["scm.tracking.provider"].try_message(wizard.provider_id.id, wizard.sample)
            except UserError as error:
                wizard.result_html = self._trouble_html(str(error))
                continue
            wizard.result_html = self._table_html(found)

    def _trouble_html(self, words):
        return Markup('<div class="alert alert-danger mb-0" role="alert">%s</div>') % words

    def _table_html(self, found):
        heads = [
            self.env._("Tracking number"),
            self.env._("Time (UTC)"),
            self.env._("Code"),
            self.env._("Means"),
            self.env._("Text"),
            self.env._("Place"),
        ]
        statuses = dict(self.env["scm.parcel"]._fields["status"]._description_selection(self.env))
        rows = [self._row_html(event, statuses) for event in found["events"][:SHOWN_EVENTS]]
        return Markup(
            '<div class="mb-2"><b>%s</b></div><div class="table-responsive"><table class="table table-sm table-hover">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>%s"
        ) % (
            self.env._("%(events)s events, %(known)s of known parcels", events=found["count"], known=found["known"]),
            Markup().join(Markup("<th>%s</th>") % head for head in heads),
            Markup().join(rows),
            self._skipped_html(found["skipped"]),
        )

    def _row_html(self, event, statuses):
        badge = Markup('<span class="badge %s">%s</span>')
        if event["status"]:
            means = badge % ("text-bg-success", statuses[event["status"]])
        elif event["code"]:
            means = badge % ("text-bg-warning", self.env._("not known yet"))
        else:
            means = ""
        number = event["tracking_ref"]
        if not event["parcel_id"]:
            number = Markup('%s <span class="text-muted">(%s)</span>') % (number, self.env._("no parcel"))
        time = event["time"] or self.env._("not readable")
        cells = (number, time, event["code"], means, event["text"], event["place"])
        return Markup("<tr>%s</tr>") % Markup().join(Markup("<td>%s</td>") % cell for cell in cells)

    def _skipped_html(self, skipped):
        if not skipped:
            return ""
        words = self.provider_id._payload_words()
        left = ", ".join(f"#{one['position'] + 1}: {words.get(one['reason'], one['reason'])}" for one in skipped[:10])
        return Markup('<div class="alert alert-warning mb-0" role="alert">%s %s</div>') % (
            self.env._("Left out:"),
            left,
        )
