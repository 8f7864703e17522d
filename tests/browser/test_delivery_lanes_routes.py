"""Lane matrix, dispatch and the driver's page."""
import re

from tests.browser.conftest import PHONE
from tests.integration import adapter


def test_the_matrix_leads_to_the_parcels_of_a_lane(planner):
    page = planner.open('lane-matrix')
    cells = page.locator('.o_scm_lane_cell')
    cells.first.wait_for()
    assert cells.count() > 10
    planner.shot('delivery-lanes')
    page.locator('[data-measure=cost]').click()
    assert re.search(r'\d', cells.first.locator('.fw-bold').inner_text())
    cells.first.click()
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.settle()


def test_a_dispatcher_plans_the_day(planner, server):
    page = planner.open('dispatch')
    page.locator('.o_scm_dispatch_plan').click()
    page.locator('.o_scm_dispatch_route').first.or_(page.get_by_text('No routes on this day')).first.wait_for()
    if page.locator('.o_scm_dispatch_route').count() == 0:  # late in the day the vans are back: tomorrow, then
        page.get_by_label('Day after').click()
        page.locator('.o_scm_dispatch_plan').click()
        page.locator('.o_scm_dispatch_route').first.wait_for()
    stops = page.locator('.o_scm_dispatch_stops li')
    assert stops.count() == page.locator('.o_scm_dispatch_point').count() > 3
    planner.shot('delivery-dispatch')
    lock = stops.last.get_by_role('button')
    lock.click()
    page.wait_for_selector('.o_scm_dispatch_stops .fa-lock')
    stops.last.get_by_role('button').click()
    planner.settle()


def test_the_drivers_page_on_a_phone(chromium, server):
    route = adapter.shell(
        server.database,
        """
route = env["scm.route"].search([("state", "=", "planned")], limit=1)
if not route:
    vehicle = env["scm.vehicle"].search([], limit=1)
    day = env["scm.route"]._fields["date"].context_today(env["scm.route"])
    made = env["scm.route"].plan_day(str(day.replace(year=day.year + 1)), vehicle.warehouse_id.id, max_seconds=1.0)
    route = env["scm.route"].browse(made["routes"][:1])
route.driver_id = env["res.users"].search([("login", "=", "viewer")])
result = [route.id, route.stop_ids[0].partner_id.name]
""",
    )
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(f'{server.url}/web/login')
    page.fill('#login', 'viewer')
    page.fill('#password', 'viewer')
    page.click('button[type=submit]')
    page.wait_for_selector('.o_web_client')
    page.goto(f'{server.url}/my/routes/{route[0]}')
    page.get_by_role('heading', name=route[1]).wait_for()
    assert page.get_by_role('button', name='Leave now').is_visible()
    assert page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth') <= 0
    context.close()
