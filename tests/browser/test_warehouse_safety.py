"""The safety board at a desk; an inspection without connection and the report of an incident on a phone."""
import base64

import pytest

from tests.browser.conftest import PHONE

PICTURE = {
    'name': 'fork.png',
    'mimeType': 'image/png',
    'buffer': base64.b64decode(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
}


@pytest.fixture
def picker(screens):
    screen = screens('picker', PHONE)
    yield screen
    screen.check()


def test_the_board_shows_days_calendar_and_what_is_open(screens, server):
    screen = screens('warehouse')
    page = screen.open('safety-board')
    board = server.xmlrpc('warehouse').call('scm.safety.board', 'get_board')
    assert page.locator('.o_scm_safety_days_number').inner_text() == str(board['streak']['days'])
    assert page.locator('.o_scm_safety_day').count() == 35
    screen.shot('warehouse-safety-board')
    page.locator('.o_scm_safety_row', has_text='Damaged rack').first.click()
    page.locator('.o_form_view .alert-danger', has_text='Locked').wait_for()
    screen.shot('warehouse-safety-incident')
    screen.check()


def test_an_inspection_without_connection_is_sent_when_it_is_back(picker, server):
    calls = server.xmlrpc('picker')
    page = picker.open('safety-round')
    page.locator('.o_scm_safety_report').wait_for()
    picker.shot('warehouse-safety-round-phone')
    page.locator('.o_scm_safety_card', has_text='Forklift 1').first.click()
    page.locator('.o_scm_safety_question').first.wait_for()
    questions = page.locator('.o_scm_safety_question')
    for number in range(1, questions.count()):
        one = questions.nth(number)
        if one.locator('input').count():
            one.locator('input').fill('60')
            one.locator('input').blur()
        else:
            one.locator('.btn-outline-success').first.click()
    page.locator('.o_scm_safety_hand_in', has_text='Next open question').wait_for()
    bad = questions.first
    bad.get_by_role('button', name='Not OK').click()
    bad.locator('input[type=file]').set_input_files(PICTURE)
    bad.locator('.o_scm_safety_photo').wait_for()
    bad.locator('textarea').fill('Crack at the heel')
    bad.scroll_into_view_if_needed()
    picker.shot('warehouse-safety-inspection-phone')
    assert picker.overflow() <= 0
    pad = page.locator('canvas')
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box['x'] + 30, box['y'] + 60)
    page.mouse.down()
    page.mouse.move(box['x'] + 160, box['y'] + 40, steps=4)
    page.mouse.move(box['x'] + 220, box['y'] + 80, steps=4)
    page.mouse.up()
    before = calls.call('scm.safety.inspection', 'search_count', [('state', '=', 'done')])
    picker.context.set_offline(True)
    page.locator('.o_scm_safety_hand_in', has_text='Hand in').click()
    page.get_by_role('heading', name='Kept on this phone').wait_for()
    picker.shot('warehouse-safety-offline-phone')
    picker.context.set_offline(False)
    page.wait_for_function('!odoo.__WOWL_DEBUG__.root.env.services.scm_outbox.state.pending')
    assert calls.call('scm.safety.inspection', 'search_count', [('state', '=', 'done')]) == before + 1
    [made] = calls.call('scm.safety.inspection', 'search_read', [('done_by_id.login', '=', 'picker')],
                        fields=['result', 'critical_count', 'signature'], order='date_done desc, id desc', limit=1)
    assert made['result'] == 'critical' and made['critical_count'] == 1 and made['signature']
    [incident] = calls.call('scm.safety.incident', 'search_read', [('inspection_id', '=', made['id'])],
                            fields=['description', 'kind'])
    assert incident['kind'] == 'finding' and 'Crack at the heel' in incident['description']


def test_an_incident_is_reported_and_its_place_locked(picker, server):
    manager = server.xmlrpc('warehouse')
    page = picker.open('safety-round')
    page.locator('.o_scm_safety_report').click()
    page.locator('.o_scm_safety_types .btn', has_text='Spill').click()
    page.locator('.o_scm_safety_now').wait_for()
    picker.shot('warehouse-safety-report-phone')
    page.fill('#o_scm_safety_what', 'Detergent runs out of a carton')
    page.fill('#o_scm_safety_where', 'TPE-R122')
    page.press('#o_scm_safety_where', 'Enter')
    page.locator('.text-success', has_text='R-12-2').wait_for()
    assert picker.overflow() <= 0
    page.get_by_role('button', name='Send the report').click()
    page.get_by_text('is reported').wait_for()
    page.locator('.alert-danger', has_text='Locked').wait_for()
    page.locator('.o_scm_safety_tick').first.click()
    page.locator('.o_scm_safety_steps .is-done').wait_for()
    picker.shot('warehouse-safety-steps-phone')
    [incident] = manager.call('scm.safety.incident', 'search', [('description', 'like', 'Detergent')])
    assert manager.call('scm.safety.incident', 'unlock', [incident])['unlocked']
    assert manager.call('scm.safety.incident', 'action_cancel', [incident], reason='Test')
