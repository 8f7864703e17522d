"""Overrides that stand, and what earlier ones were worth, so that both pages show something from the first day."""

from __future__ import annotations

from datetime import timedelta

# (reason, per cent, weeks from the first forecast week, note) of the categories that sell most
STANDING = (
    ('promotion', 12, (3, 5), 'Winter offer, agreed with marketing'),
    ('market_knowledge', -8, (6, 9), 'Two large shops have stocked up'),
)
WEEKS = 16
# (login, reason, factor on the mean of the 13 weeks before)
PAST = (('planner', 'market_knowledge', 1.06), ('buyer', 'promotion', 1.3))


def create_overrides(env, company):
    """Two overrides of the manager who plans, and the frozen weeks of two earlier ones."""
    planner = env['res.users'].search([('login', '=', 'planner'), ('company_ids', 'in', company.ids)])
    run = env['scm.forecast.run'].search(
        [('company_id', '=', company.id), ('freq', '=', 'W'), ('current', '=', True)], limit=1)
    nodes = env['scm.forecast.node'].search(
        [('run_id', '=', run.id), ('level', '=', 'category'), ('parent_categ_id', '!=', False)],
        order='mean_week desc', limit=len(STANDING))
    if not planner or len(nodes) < len(STANDING):
        return
    overrides = env['scm.forecast.override'].with_user(planner).with_context(allowed_company_ids=company.ids)
    for node, (reason, percent, (first, last), note) in zip(nodes, STANDING, strict=True):
        overrides.create_override({
            'level': 'category', 'categ_id': node.categ_id.id, 'mode': 'percent', 'value': percent, 'reason': reason,
            'note': note, 'date_from': str(run.date_from + timedelta(weeks=first)),
            'date_to': str(run.date_from + timedelta(weeks=last)),
        })
    rows = [row for node, past in zip(nodes, PAST, strict=True) for row in _past_weeks(env, run, node, *past)]
    env['scm.forecast.value.added'].create(rows)


def _past_weeks(env, run, node, login, reason, factor):
    """What a person who lifted the mean of 13 weeks by a factor would have got, against what came."""
    history = node.series['history']
    for week in range(1, WEEKS + 1):
        before = history[len(history) - week - 13:len(history) - week]
        stat, came = sum(before) / 13, history[len(history) - week]
        final = stat * factor
        yield {
            'company_id': run.company_id.id, 'user_id': env['res.users'].search([('login', '=', login)], limit=1).id,
            'reason_id': env['scm.override.reason'].search([('code', '=', reason)], limit=1).id, 'level': 'category',
            'categ_id': node.categ_id.id, 'date': run.date_from - timedelta(weeks=week), 'item_count': node.item_count,
            'quantity_stat': stat, 'quantity_final': final, 'quantity_actual': came,
            'error_stat': abs(stat - came), 'error_final': abs(final - came),
            'value_added': abs(stat - came) - abs(final - came),
            'item_error_stat': abs(stat - came), 'item_error_final': abs(final - came),
        }
