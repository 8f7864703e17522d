"""The main job as make demo runs it, and the summary of what came out."""

from tools.demo_data.analytics import create_analytics
from tools.demo_data.event_day import follow_event, start_event
from tools.demo_data.findings import create_findings
from tools.demo_data.improvements import create_values
from tools.demo_data.overrides import create_overrides
from tools.demo_data.simulation import replay_last_year
from tools.demo_data.suppliers_risk import create_risks
from tools.demo_data.suppliers_standing import create_improvements
from tools.demo_data.vendor_choice import stop_a_supplier

PLENTY_OF_SECONDS = 3600
# Past weeks that the accuracy watch measures, so that its page shows something from the first day
REPLAY_WEEKS = 22


def run(env, progress):
    """One planning run for each company that has a warehouse, with its progress on the terminal.

    :raises RuntimeError: naming the run and its message, when one does not end well
    """
    runs = env['scm.forecast.run']
    for company in env['stock.warehouse'].search([]).company_id:
        start_event(env, company)
        planned = runs.browse(runs.run_now(company.id))
        steps = dict(planned._fields['step']._description_selection(env))

        # Overrides come between the forecast and the proposals: all that stands in the end then agrees with them
        overridden = []

        def commit(finished, remaining=0, planned=planned, company=company, steps=steps, overridden=overridden):
            if planned.step == 'policy' and not overridden:
                overridden.append(True)
                create_overrides(env, company)
            env.cr.commit()
            if planned.state == 'running':
                done, total = planned.done_count, planned.total_count
                progress(f'{company.name}: {steps[planned.step].lower()}', done, max(total, done))
            return PLENTY_OF_SECONDS

        planned._process(commit=commit)
        if planned.state != 'done':
            raise RuntimeError(f'{planned.display_name} of {company.name}: {planned.message or planned.state}')
        replay_last_year(env, company)
        stop_a_supplier(env, company)
        create_improvements(env, company)
        create_risks(env, company)
        progress(f'{company.name}: accuracy of past weeks', 0, 1)
        env['scm.accuracy.watch']._replay(company, REPLAY_WEEKS)
        env['scm.accuracy.alerts']._refresh(company)
        create_analytics(env, company)
        follow_event(env, company)
        create_values(env, company)
        create_findings(env, company)
    env.cr.commit()


def summary(env):
    """What a new user wants to know of the data and of the plan, as text."""
    lines = []
    for company in env['stock.warehouse'].search([]).company_id:
        lines += _company_summary(env(context=dict(env.context, allowed_company_ids=company.ids)), company)
    return '\n'.join(lines) + '\n'


def _company_summary(env, company):
    mine = [('company_id', '=', company.id)]
    planned = env['scm.forecast.run'].search([*mine, ('current', '=', True), ('freq', '=', 'W')], limit=1)
    first, last, units, days = env['scm.demand.day']._read_group(
        mine, aggregates=['date:min', 'date:max', 'quantity:sum', '__count'])[0]
    proposals = env['scm.policy.proposal']
    [(cash,)] = proposals._read_group([*mine, ('state', '=', 'proposed')], aggregates=['cash_effect:sum'])
    [(order_value, to_order)] = proposals._read_group(
        [*mine, ('qty_to_order', '>', 0)], aggregates=['order_value:sum', '__count'])
    severities = env['scm.alert']._read_group([*mine, ('state', '=', 'open')], ['severity'], ['__count'])
    alerts = ', '.join(f'{count:,} {severity}' for severity, count in severities) or 'none'
    money = company.currency_id.name
    return [
        company.name,
        f'  History    {first} to {last}: {units:,.0f} units in {days:,} product-days',
        f'  Forecast   {planned.item_count:,} products and warehouses, {planned.horizon} weeks ahead',
        f'  Error      {planned.wape:.1%} of demand (mean of 13 weeks {planned.wape_moving_average:.1%}, '
        f'seasonal naive {planned.wape_seasonal_naive:.1%}), bias {planned.bias:+.1%}',
        f'  Proposals  {proposals.search_count([*mine, ("state", "=", "proposed")]):,} new reorder points, '
        f'{cash:+,.0f} {money} of stock; {to_order:,} items to order now for {order_value:,.0f} {money}',
        f'  Alerts     {alerts}',
    ]
