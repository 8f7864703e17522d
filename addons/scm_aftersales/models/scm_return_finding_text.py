from odoo import api, fields, models

from .scm_return_finding import DIMENSION_FIELDS


def cause_counts(causes):
    """[(cause id, count)], the most frequent first; Json has text keys.

    >>> cause_counts({"3": 1, "7": 4})
    [(7, 4), (3, 1)]
    """
    return sorted(
        ((int(cause), count) for cause, count in (causes or {}).items()), key=lambda pair: (-pair[1], pair[0])
    )


class ScmReturnFinding(models.Model):
    """How a finding reads."""

    _inherit = "scm.return.finding"

    chance_text = fields.Char("Chance", compute="_compute_chance_text", help="q-value: share of false findings.")

    @api.depends("q_value")
    def _compute_chance_text(self):
        for finding in self:
            finding.chance_text = "< 0.0001" if finding.q_value < 1e-4 else f"= {finding.q_value:.4f}"

    @api.model
    def _key_values(self, dimension, key):
        """{field: id} of a cell."""
        return dict(zip(DIMENSION_FIELDS[dimension], map(int, key.split(",")), strict=True))

    def _sentence(self):
        """The finding in one sentence, for the problem of an improvement."""
        self.ensure_one()
        text = self.env._(
            "Of %(deliveries)s deliveries between %(first)s and %(last)s %(returned)s came back: %(rate)s %%, against "
            "%(group)s %% of the rest (at least %(low)s %%, at most %(high)s %%, chance q %(q)s).",
            deliveries=f"{self.delivered:,.0f}",
            first=self.date_from,
            last=self.date_to,
            returned=f"{self.returned:,.0f}",
            rate=f"{100 * self.rate:.1f}",
            group=f"{100 * self.group_rate:.1f}",
            low=f"{100 * self.low:.1f}",
            high=f"{100 * self.high:.1f}",
            q=self.chance_text,
        )
        if self.cause_text:
            text += " " + self.env._("Causes found: %(causes)s.", causes=self.cause_text)
        return text
