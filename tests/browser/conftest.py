"""The built book on a local server, and a browser that reads it."""

import functools
import http.server
import shutil
import threading
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Furo's own pages for searching and the index have no text of ours, but are read like any other.
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))


def pytest_generate_tests(metafunc):
    """Run a test that asks for `path` once for each page."""
    if "path" in metafunc.fixturenames:
        metafunc.parametrize("path", PAGES)


@pytest.fixture(scope="session")
def site():
    """Return the folder of the built site."""
    return SITE


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The standard handler without a line in the log for every file."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the system's Chromium where there is one, else the browser that Playwright has installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    return {**browser_type_launch_args, "args": FLAGS, **({"executable_path": found} if found else {})}


@pytest.fixture(scope="session")
def base_url():
    """Serve the built site on a free port of this machine."""
    assert (SITE / "index.html").is_file(), f"build the book first: there is no page in {SITE}"
    handler = functools.partial(Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def requests(page):
    """Collect every address that a page asks for."""
    seen = []

    def note(request):
        seen.append(request.url)

    page.on("request", note)
    yield seen
    page.remove_listener("request", note)


@pytest.fixture
def complaints(page):
    """Collect errors of the page: exceptions, the console's, and answers that are no success."""
    seen = []
    listeners = {
        "pageerror": lambda error: seen.append(str(error)),
        "console": lambda message: seen.append(message.text) if message.type in {"error", "warning"} else None,
        "response": lambda answer: seen.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield seen
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


class Player:
    """A hand on the playground's page: opens it, and finds its parts."""

    def __init__(self, page, base_url):
        self.page, self.base_url = page, base_url

    def open(self, fragment=""):
        """Open the page with an address and wait until it can be used."""
        self.page.goto("about:blank")  # else only the fragment would change
        self.page.goto(f"{self.base_url}/playground.html{fragment}")
        self.page.wait_for_selector(".playground-whole .playground[data-awake]")

    def row(self, rule):
        """Return the row of a rule."""
        return self.page.locator(f".pg-row[data-rule={rule}]").first

    def rate(self, rule, kind="number"):
        """Return the field, or with kind "range" the slider, of a rule's learning rate."""
        return self.row(rule).locator(f"[data-setting=lr] input[type={kind}]")

    def status(self, rule):
        """Return what the row of a rule says of its run."""
        return self.row(rule).locator(".pg-status")

    def start(self):
        """Return the coordinates of the start point as the page tells them."""
        # The page draws at most once a frame, and tells then.
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        text = self.page.locator(".pg-start").first.get_attribute("aria-valuetext")
        return tuple(float(number.replace("−", "-")) for number in text.split(", "))


@pytest.fixture
def player(page, base_url):
    """Return a hand on the playground's page, which is not open yet."""
    return Player(page, base_url)
