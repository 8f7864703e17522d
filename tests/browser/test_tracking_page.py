"""The customer's tracking page on a phone and at a desk: no account, only a link or order number and e-mail."""
import pytest

from tests.integration import adapter

CODE = """
Parcel = env["scm.parcel"]

def link(*domain):
    parcel = Parcel.search([("sale_ids", "!=", False), *domain], limit=1)
    return f"/track/{parcel.id}/{parcel._public_token()}"

late = Parcel.search([("is_late", "=", True), ("is_final", "=", False), ("sale_ids.partner_id.email", "!=", False)],
                     limit=1)
result = {
    "late": link(("id", "=", late.id)),
    "done": link(("status", "=", "delivered"), ("is_late", "=", False)),
    "order": late.sale_ids[0].name,
    "email": late.sale_ids[0].partner_id.email,
    "reference": late.tracking_ref,
}
"""


@pytest.fixture(scope='module')
def known(server):
    return adapter.shell(server.database, CODE)


def test_found_by_order_and_e_mail(visitor, known):
    page = visitor.open('/track')
    visitor.shot(f'delivery-track-find-{visitor.size}')
    page.get_by_label('Order number').fill(known['order'])
    page.get_by_label('E-mail').fill('somebody@else.example')
    page.get_by_role('button', name='Find my parcel').click()
    page.get_by_role('alert').filter(has_text='found no order').wait_for()
    page.get_by_label('E-mail').fill(known['email'])
    page.get_by_role('button', name='Find my parcel').click()
    page.locator('.o_scm_track_link', has_text=known['reference']).click()
    page.wait_for_selector('.o_scm_track_head')
    assert visitor.overflow() <= 0
    visitor.shot(f'delivery-track-late-{visitor.size}')
    assert page.locator('.o_scm_track_reason').inner_text().strip()


def test_delivered(visitor, known):
    page = visitor.open(known['done'])
    visitor.shot(f'delivery-track-done-{visitor.size}')
    assert page.get_by_role('heading', level=1).inner_text() == 'Delivered'
    assert page.locator('summary').all_inner_texts() == ['Report a problem']
    assert visitor.overflow() <= 0


def test_a_problem_is_reported(visitor, known):
    page = visitor.open(known['late'])
    # by keyboard alone: the summary takes the focus and opens
    page.locator('summary', has_text='Report a problem').focus()
    page.keyboard.press('Enter')
    page.get_by_label('What is wrong?').select_option('not_arrived')
    page.get_by_label('Tell us more').fill('Where is it?')
    visitor.shot(f'delivery-track-problem-{visitor.size}')
    page.get_by_role('button', name='Send').click()
    page.get_by_role('status').filter(has_text='Thank you').wait_for()
