"""A customer asks for a return from the tracking page, without an account, on a phone and at a desk."""
import base64

import pytest

from tests.integration import adapter

# the smallest PNG: one grey pixel
PIXEL = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==')
CODE = """
parcels = env["scm.parcel"].search(
    [("status", "=", "delivered"), ("direction", "=", "out"), ("sale_ids", "!=", False)], order="id desc", limit=200
)
alone = parcels.filtered(lambda one: len(one.sale_ids) == 1 and not one.sale_ids.scm_return_ids)
fresh = alone.filtered(lambda one: one.sale_ids._scm_may_return())[:2]
result = [f"/track/{parcel.id}/{parcel._public_token()}" for parcel in fresh]
env.cr.commit()
"""


@pytest.fixture(scope='module')
def links(server):
    return adapter.shell(server.database, CODE)


def test_a_return_without_an_account(visitor, links):
    page = visitor.open(links[0 if visitor.size == 'phone' else 1])
    page.get_by_role('link', name='Start a return').click()
    item = page.locator('.o_scm_return_item').first
    item.locator('input[type=checkbox]').check()
    item.get_by_label('Why?').select_option('not_liked')
    page.wait_for_function("document.querySelector('.o_scm_return_answer').textContent.length > 5")
    assert visitor.overflow() <= 0
    visitor.shot(f'aftersales-return-form-{visitor.size}')
    page.get_by_role('button', name='Continue').click()
    page.locator('.o_scm_return_send').wait_for()
    assert page.get_by_role('radio').count() >= 1
    page.locator('input[type=file]').first.set_input_files(
        {'name': 'photo.png', 'mimeType': 'image/png', 'buffer': PIXEL})
    assert visitor.overflow() <= 0
    visitor.shot(f'aftersales-return-check-{visitor.size}')
    page.get_by_role('button', name='Send my request').click()
    page.get_by_role('status').filter(has_text='Your number is').wait_for()
    page.locator('.o_scm_returns_photo img').first.wait_for()
    page.get_by_label('Your message').fill('When do I hear from you?')
    page.get_by_role('button', name='Send', exact=True).click()
    page.locator('.o_scm_returns_message', has_text='When do I hear').wait_for()
    assert visitor.overflow() <= 0
    page.evaluate('window.scrollTo(0, 0)')
    visitor.shot(f'aftersales-return-page-{visitor.size}')
    page.locator('summary', has_text='Cancel').click()
    page.get_by_role('button', name='Yes, cancel it').click()
    page.get_by_role('heading', name='cancelled').wait_for()
