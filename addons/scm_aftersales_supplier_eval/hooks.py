"""Customers' returns get their share of the quality score, where the scheme is still the shipped one."""

#: points of the standard scheme that go over from what was sent back to the vendor
WEIGHT = 5.0
#: parts per million that score nothing
PPM_ZERO = 30_000


def post_init_hook(env):
    """A scheme that somebody changed is left alone: he gives the criterion its weight himself."""
    scheme = env.ref("scm_supplier_eval.scm_scorecard_scheme_standard", raise_if_not_found=False)
    criterion = env.ref("scm_aftersales_supplier_eval.scm_scorecard_criterion_customer_returned_ppm")
    giver = _weight_of(env, scheme)
    if not giver or giver.weight != 15.0 or criterion in scheme.weight_ids.criterion_id:
        return
    scheme.write(
        {
            "weight_ids": [
                (1, giver.id, {"weight": giver.weight - WEIGHT}),
                (0, 0, {"criterion_id": criterion.id, "weight": WEIGHT, "value_zero": PPM_ZERO, "value_full": 0}),
            ]
        }
    )


def uninstall_hook(env):
    """Its weight goes back, so that all schemes can score without it."""
    criterion = env.ref(
        "scm_aftersales_supplier_eval.scm_scorecard_criterion_customer_returned_ppm", raise_if_not_found=False
    )
    weights = env["scm.scorecard.weight"].search([("criterion_id", "=", criterion.id)]) if criterion else []
    for weight in weights:
        scheme = weight.scheme_id
        heir = _weight_of(env, scheme) or (scheme.weight_ids - weight)[:1]
        commands = [(2, weight.id)]
        if heir:
            commands.append((1, heir.id, {"weight": heir.weight + weight.weight}))
        scheme.write({"weight_ids": commands})


def _weight_of(env, scheme):
    """The weight of what was sent back to the vendor, in a scheme."""
    if not scheme:
        return env["scm.scorecard.weight"]
    return scheme.weight_ids.filtered(lambda weight: weight.criterion_id.code == "returned_ppm")[:1]
