import secrets
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.scm_base.tools.zones import utc_moment, zone_name

from ..kernel.kuaidi100 import TIME_ZONE as KUAIDI100_ZONE
from ..kernel.tracking_payload import Paths

#: length of the last part of the webhook's address; nobody guesses it
TOKEN_BYTES = 24
SECRET_BYTES = 32
LOWEST_WINDOW_SECONDS, HIGHEST_WINDOW_SECONDS = 30, 86400


class ScmTrackingProvider(models.Model):
    """Somebody who tells us where parcels are: he calls our webhook, or we ask him."""

    _name = "scm.tracking.provider"
    _description = "Tracking Provider"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("json", "JSON (any carrier, or your own programs)"),
            ("aftership", "AfterShip"),
            ("kuaidi100", "Kuaidi100"),
            ("17track", "17TRACK"),
        ],
        required=True,
        default="json",
        help="Whose messages they are: how they are signed, how they are read, and which codes they use.",
    )
    code_set = fields.Char(
        "Codes",
        help="Name under which the carrier's codes are translated into statuses. Empty: that of the kind; of a JSON "
        "provider, its own.",
    )
    tz = fields.Selection(
        lambda self: [(name, name) for name in pytz.common_timezones],
        "Time Zone",
        help="Where times without a zone are meant. Empty: the company's; of Kuaidi100: Asia/Shanghai.",
    )
    carrier_count = fields.Integer("Carriers", compute="_compute_carrier_count")

    # The webhook
    url_token = fields.Char(
        "Token of the Address",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(TOKEN_BYTES),
        groups="scm_base.scm_group_manager",
    )
    webhook_url = fields.Char("Webhook", compute="_compute_webhook_url", groups="scm_base.scm_group_manager")
    secret = fields.Char(
        copy=False, groups="base.group_system", help="Messages must be signed with it. Without it, none is accepted."
    )
    has_secret = fields.Boolean("Secret is Set", compute="_compute_has_secret", compute_sudo=True)
    replay_seconds = fields.Integer(
        "Replay Window (s)",
        default=300,
        help="A message whose time stamp is further away than this is refused. Only for messages with our signature.",
    )
    calls_per_minute = fields.Integer(
        "Calls per Minute",
        default=600,
        help="More calls of the webhook than this are asked to come later, per worker process. 0: no limit.",
    )

    # What a JSON message looks like
    path_parcels = fields.Char("List of Parcels", help="Where the list is in the message. Empty: the message is it.")
    path_events = fields.Char("List of Events", help="Within a parcel. Empty: each entry is one event.")
    path_tracking = fields.Char("Tracking Number")
    path_time = fields.Char("Time")
    path_code = fields.Char("Code")
    path_text = fields.Char("Text")
    path_place = fields.Char("Place")
    path_expected = fields.Char("Expected Day")

    request_ids = fields.One2many("scm.tracking.request", "provider_id", "Messages")
    last_request_at = fields.Datetime("Last Message", compute="_compute_requests")
    event_count = fields.Integer("New Events, 24 h", compute="_compute_requests")
    refused_count = fields.Integer("Not Read, 24 h", compute="_compute_requests")

    _token_uniq = models.UniqueIndex("(url_token)", "Two providers cannot have the same address.")
    _window = models.Constraint(
        f"CHECK(replay_seconds BETWEEN {LOWEST_WINDOW_SECONDS} AND {HIGHEST_WINDOW_SECONDS})",
        "The replay window is between 30 seconds and a day.",
    )
    _calls = models.Constraint("CHECK(calls_per_minute >= 0)", "Calls per minute cannot be negative.")

    @api.depends("url_token")
    def _compute_webhook_url(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")  # sudo: the public address is no secret
        for provider in self:
            provider.webhook_url = f"{base}/scm/tracking/{provider.url_token}"

    @api.depends("secret")
    def _compute_has_secret(self):
        for provider in self:
            provider.has_secret = bool(provider.secret)

    @api.depends("company_id")
    def _compute_carrier_count(self):
        for company, providers in self.grouped("company_id").items():
            groups = self.env["delivery.carrier"].with_company(company)._read_group(
                [("scm_provider_id", "in", providers.ids)], ["scm_provider_id"], ["__count"]
            )
            counts = {provider.id: count for provider, count in groups}
            for provider in providers:
                provider.carrier_count = counts.get(provider.id, 0)

    @api.depends("request_ids")
    def _compute_requests(self):
        requests = self.env["scm.tracking.request"]
        mine = [("provider_id", "in", self.ids)]
        last = dict(requests._read_group(mine, ["provider_id"], ["create_date:max"]))
        since = [*mine, ("create_date", ">=", fields.Datetime.now() - timedelta(days=1))]
        stored = dict(requests._read_group(since, ["provider_id"], ["stored_count:sum"]))
        refused = dict(
            requests._read_group([*since, ("outcome", "not in", ("ok", "partly"))], ["provider_id"], ["__count"])
        )
        for provider in self:
            provider.last_request_at = last.get(provider, False)
            provider.event_count = stored.get(provider, 0)
            provider.refused_count = refused.get(provider, 0)

    # Buttons

    def action_new_secret(self):
        """Make a new secret; messages signed with the old one are refused from now on. For administrators."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator (Settings) can set the secret of a provider."))
        for provider in self:
            provider.secret = secrets.token_urlsafe(SECRET_BYTES)
        return True

    def action_new_address(self):
        """Make a new address of the webhook; the old one answers nobody from now on. For supply-chain managers."""
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can change the address of a webhook."))
        self.check_access("write")
        for provider in self:
            provider.url_token = secrets.token_urlsafe(TOKEN_BYTES)
        return True

    def action_open_carriers(self):
        """The carriers that this provider tracks."""
        self.ensure_one()
        carriers = self.env["delivery.carrier"].with_company(self.company_id)
        carriers = carriers.search([("scm_provider_id", "=", self.id)])
        action = self.env["ir.actions.act_window"]._for_xml_id("delivery.action_delivery_carrier_form")
        return action | {"domain": [("id", "in", carriers.ids)], "context": {}}

    def action_open_requests(self):
        """The messages of this provider."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_tracking_request_action")
        return action | {"domain": [("provider_id", "=", self.id)], "context": {}}

    # What others need

    def _code_set(self):
        """Name under which the codes of this provider are translated."""
        return self.code_set or self._source()

    def _source(self):
        """Who told: the same for the webhook and for questions, so that an event which comes by both is one."""
        return self.kind if self.kind != "json" else f"json-{self.id}"

    def _to_utc(self):
        """Function that turns a naive moment, as this provider means it, into naive UTC."""
        standard = KUAIDI100_ZONE if self.kind == "kuaidi100" else zone_name(self.company_id)
        zone = self.tz or standard
        return lambda local: utc_moment(local, zone)

    def _paths(self):
        names = ("parcels", "events", "tracking", "time", "code", "text", "place", "expected")
        return Paths(**{name: (self[f"path_{name}"] or "").strip() for name in names})

    def _carriers_by_code(self):
        """{code at the provider: id of the carrier}"""
        carriers = self.env["delivery.carrier"].with_company(self.company_id)
        found = carriers.search_fetch(
            [("scm_provider_id", "=", self.id), ("scm_provider_carrier_code", "!=", False)],
            ["scm_provider_carrier_code"],
        )
        return {carrier.scm_provider_carrier_code.strip().casefold(): carrier.id for carrier in found}
