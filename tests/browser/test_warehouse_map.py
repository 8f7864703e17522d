"""The map of the warehouse, on a desk and on a phone, and the list of places."""

import re

from tests.browser.conftest import PHONE


def _click(page, x, y):
    """A point of the plan, in shares of its width and height."""
    box = page.locator('.o_scm_plan canvas').bounding_box()
    page.mouse.click(box['x'] + x * box['width'], box['y'] + y * box['height'])


def test_map_shows_picks_ways_and_what_lies_where(screens):
    warehouse = screens('warehouse')
    page = warehouse.open('warehouse-map')
    page.wait_for_selector('.o_scm_map_costly tbody tr')
    warehouse.shot('warehouse-map')
    assert 'km' in page.inner_text('.o_scm_map_figures')
    # an often picked place that is far away: a click shows it
    page.click('.o_scm_map_costly tbody tr:first-child button')
    page.wait_for_selector('.o_scm_place_product')
    warehouse.shot('warehouse-map-place')
    assert 'picks' in page.inner_text('.o_scm_place_panel')
    page.click('.o_scm_place_panel .btn-close')
    for colour in ('class', 'fill', 'distance', 'locked'):
        page.click(f'[data-colour={colour}]')
        warehouse.settle()
        page.wait_for_selector(f'[data-colour={colour}].active')
    page.click('[data-level="1"]')
    page.click('[data-colour=distance]')
    warehouse.settle()
    page.fill('.o_scm_map_bar input[type=search]', 'a-05-1')
    page.keyboard.press('Enter')
    page.wait_for_selector('.o_scm_place_panel h2:has-text("A-05-1")')
    # found places stand in the middle: a click there finds the same one
    page.click('.o_scm_place_panel .btn-close')
    _click(page, 0.5, 0.5)
    page.wait_for_selector('.o_scm_place_panel h2:has-text("A-05-1")')
    warehouse.shot('warehouse-map-distance')
    page.click('.o_scm_map_measure')
    # other tests of this server may have made places that have no coordinates yet
    said = re.compile('places are known|places have no way')
    page.locator('.o_notification', has_text=said).first.wait_for()
    warehouse.check()


def test_map_and_places_on_a_phone_and_in_a_list(screens):
    picker = screens('picker', PHONE)
    page = picker.open('warehouse-map')
    page.wait_for_selector('.o_scm_map_figures')
    assert picker.overflow() <= 0
    assert not page.locator('.o_scm_map_measure').count(), 'only managers measure'
    page.locator('.o_scm_map_costly tbody tr button').first.click()
    page.wait_for_selector('.o_scm_place_panel')
    page.wait_for_function("document.querySelector('.o_scm_place_panel').getBoundingClientRect().top < innerHeight")
    picker.shot('warehouse-map-phone')
    picker.check()
    warehouse = screens('warehouse')
    page = warehouse.open('warehouse-places')
    page.wait_for_selector('.o_group_header')
    page.click('.o_group_header')
    page.wait_for_selector('.o_data_row')
    warehouse.shot('warehouse-places')
    warehouse.open('warehouse-picks').wait_for_selector('.o_graph_renderer')
    warehouse.check()
