"""A real browser against a real server with the demo company."""
import os
import re
import time
from pathlib import Path

import pytest

from tests.integration import adapter

playwright = pytest.importorskip('playwright.sync_api')

SHOTS = Path(os.environ.get('SCM_SHOTS') or adapter.ROOT / '.local' / 'test' / 'screens')
DESKTOP = {'width': 1400, 'height': 900}
PHONE = {'width': 390, 'height': 844}
#: seconds that a page may wait for its answers
PATIENCE = 180
# What Chromium says of itself, not of our pages.
NOT_OURS = re.compile(r'favicon|ERR_INTERNET_DISCONNECTED|net::ERR_NAME_NOT_RESOLVED|WebSocket')
LAUNCH = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
          '--disable-component-update', '--disable-sync']


@pytest.fixture(scope='session')
def server():
    reason = adapter.missing() or ('' if os.environ.get('SCM_CHROMIUM') else 'Set SCM_CHROMIUM, or call make test')
    if reason:
        pytest.skip(reason)
    database = adapter.clone(os.environ['SCM_TEST_DB'])
    running = adapter.Server(database).start()
    yield running
    running.stop()
    adapter.drop(database)


@pytest.fixture(scope='session')
def chromium(server):
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ['SCM_CHROMIUM'], args=LAUNCH)
        yield browser
        browser.close()


class Screen:
    """One user's browser window that remembers every error that it showed."""

    def __init__(self, browser, server, login, viewport):
        self.url, self.errors, self.calls = server.url, [], set()
        self.context = browser.new_context(viewport=viewport, has_touch=viewport is PHONE)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on('console', self._on_console)
        self.page.on('pageerror', lambda error: self.errors.append(str(error)))
        self.page.on('request', lambda request: self.calls.add(request) if '/web/dataset/' in request.url else None)
        self.page.on('requestfinished', lambda request: self.calls.discard(request))
        self.page.on('requestfailed', lambda request: self.calls.discard(request))
        self.page.goto(f'{self.url}/web/login')
        self.page.fill('input[name=login]', login)
        self.page.fill('input[name=password]', login)
        self.page.click('button[type=submit]')
        self.page.wait_for_selector('.o_web_client .o_main_navbar')

    def _on_console(self, message):
        if message.type == 'error' and not NOT_OURS.search(message.text):
            self.errors.append(message.text)

    def open(self, path):
        """Go to a page of the web client and wait until its content stands."""
        self.page.goto(f'{self.url}/odoo/{path}')
        self.settle()
        return self.page

    def act(self, action, view, record=None, settled=True):
        """Show a view of a window action without loading the whole client anew."""
        self.page.evaluate(
            """([action, viewType, resId]) => Promise.race([
                   odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
                       action, {viewType, clearBreadcrumbs: true, props: resId ? {resId} : {}}),
                   new Promise((_, late) => setTimeout(() => late(new Error('No view after a minute')), 60_000))])""",
            [action, view, record])
        if settled:
            self.settle()
        else:
            self.idle()

    def settle(self):
        """Until no call to the server has been under way for a moment."""
        self.page.wait_for_selector('.o_action_manager > *')
        self._until_quiet(lambda: self.page.wait_for_timeout(100))

    def idle(self):
        """Until the page has nothing to do and waits for no answer: sooner than `settle`, but blind for what a timer
        starts later."""
        def turn():
            self.page.evaluate('() => new Promise(done => requestIdleCallback(() => done(), {timeout: 500}))')
            if self.calls:
                self.page.wait_for_timeout(20)

        self._until_quiet(turn)

    def _until_quiet(self, turn):
        """Until three turns in a row saw no call under way."""
        quiet, deadline = 0, time.monotonic() + PATIENCE
        while quiet < 3:
            turn()
            quiet = 0 if self.calls else quiet + 1
            assert time.monotonic() < deadline, f'still waiting for {[request.url for request in self.calls]}'

    def shot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f'{name}.png')

    def check(self):
        """No error in the console, no error dialog, no style that could not be compiled."""
        dialogs = self.page.locator('.o_error_dialog')
        said = [dialogs.nth(number).inner_text() for number in range(dialogs.count())]
        assert not said, said[0]
        assert not self.errors, self.errors[0]
        # Odoo says so in front of the page
        notice = self.page.evaluate("getComputedStyle(document.body, '::before').content")
        assert 'css error' not in notice, notice

    def overflow(self):
        """Pixels by which the page is wider than the window."""
        return self.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')


class PublicScreen:
    """A window of somebody outside: portal and public pages have no web client to wait for, only a `landmark`."""

    def __init__(self, browser, server, viewport, landmark):
        self.url, self.landmark, self.errors = server.url, landmark, []
        self.size = 'phone' if viewport is PHONE else 'desk'
        self.context = browser.new_context(viewport=viewport, has_touch=viewport is PHONE)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on('pageerror', lambda error: self.errors.append(str(error)))

    def login(self, name):
        self.page.goto(f'{self.url}/web/login')
        self.page.fill('input[name=login]', name)
        self.page.fill('input[name=password]', name)
        self.page.click('button[type=submit]')
        self.page.wait_for_selector('.o_portal_my_home')

    def open(self, path):
        self.page.goto(f'{self.url}{path}')
        self.page.wait_for_selector(self.landmark)
        return self.page

    def shot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f'{name}.png')

    def overflow(self):
        return self.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

    def close(self):
        self.context.close()
        assert not self.errors, self.errors[0]


@pytest.fixture(scope='session')
def screens(chromium, server):
    """Windows by login and size, logged in once each."""
    opened = {}

    def window(login='planner', viewport=DESKTOP):
        key = (login, viewport['width'])
        if key not in opened:
            opened[key] = Screen(chromium, server, login, viewport)
        opened[key].errors.clear()
        return opened[key]

    yield window
    for screen in opened.values():
        screen.context.close()


@pytest.fixture
def planner(screens):
    screen = screens('planner')
    yield screen
    screen.check()


@pytest.fixture
def phone(screens):
    screen = screens('planner', PHONE)
    yield screen
    screen.check()


@pytest.fixture(scope='module', params=[PHONE, DESKTOP], ids=['phone', 'desk'])
def visitor(request, chromium, server):
    """Somebody who follows his parcel without a login, on a phone and at a desk."""
    screen = PublicScreen(chromium, server, request.param, '.o_scm_track_card')
    yield screen
    screen.close()
