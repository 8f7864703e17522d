"""Ids for the parameters of routes: records that exist and belong to others. Runs inside Odoo's shell."""

#: the model that a parameter names, by the route's beginning where several use the name
MODELS = {
    "action_id": {"": "scm.improvement"},
    "card_id": {"": "scm.scorecard"},
    "contest_id": {"": "scm.scorecard.contest"},
    "evidence_id": {"": "scm.supplier.evidence"},
    "file_id": {"": "ir.attachment"},
    "line_id": {"/my/promises": "purchase.order.line", "/my/scorecards": "scm.scorecard.line"},
    "order_id": {"/my/promises": "purchase.order", "": "sale.order"},
    "parcel_id": {"": "scm.parcel"},
    "return_id": {"": "scm.return"},
    "route_id": {"": "scm.route"},
    "step_id": {"": "scm.improvement.action"},
    "stop_id": {"": "scm.route.stop"},
}
#: parameters that name no record
FREE = {"page": 1, "token": "not-a-token", "survey_token": "not-a-token", "answer_token": "not-a-token"}


def existing(env, who):
    """{model: id} of a record that is of none of the people who will ask for it."""
    ours = env["res.users"].browse([user for group in who.values() for user in group.values()]).partner_id
    found = {}
    for model in sorted({model for by_route in MODELS.values() for model in by_route.values()}):
        domain = [("partner_id", "not in", ours.ids)] if "partner_id" in env[model]._fields else []
        record = env[model].search(domain, limit=1, order="id")
        found[model] = record.id or 1
    return found


def model_of(url, parameter):
    """The model whose id the route takes there; a KeyError asks whoever adds a route to write it above."""
    by_route = MODELS[parameter]
    return next(model for start, model in by_route.items() if url.startswith(start))
