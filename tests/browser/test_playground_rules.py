"""A rule of the reader's own: written in the page, raced, and checked as an exercise of the course."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

import optimtext as ot

BODY = "v = self.beta * v + grad\ntheta = theta - lr * v"
AVERAGED = "v = self.beta * v + (1 - self.beta) * grad\ntheta = theta - lr * v"
WITHOUT_MEMORY = "v = grad\ntheta = theta - lr * v"


def cases():
    """Record what the package's momentum does with given gradients, as the course does."""
    rng = np.random.default_rng(7)
    found = []
    for beta in (0.9, 0.5):
        grads = rng.normal(size=(6, 2))
        stepper = ot.Stepper(ot.Momentum(lr=0.1, beta=beta), [1.0, -2.0])
        after = []
        for grad in grads:
            stepper.step(grad)
            after.append(stepper.theta.tolist())
        case = {"hyper": {"beta": beta}, "lr": 0.1, "theta": [1.0, -2.0], "grads": grads.tolist(), "theta_after": after}
        found.append({**case, "rtol": 1e-9})
    return found


@pytest.fixture
def course(page):
    exercise = {
        "title": "Momentum",
        "page": "book/momentum",
        "slots": {"v": 0},
        "hyper": {"beta": 0.9},
        "starter": "theta = theta - lr * grad",
        "cases": cases(),
        "misconceptions": [
            {
                "name": "averaged",
                "message": "This `v` is an average of the gradients, not their sum.",
                "hints": ["Compare the factor of `grad` with 1.", "Leave it out."],
                "body": AVERAGED,
            },
            {"name": "outside", "message": "Never shown: the grammar cannot say it.", "body": "while True: pass"},
        ],
    }
    answer = json.dumps({"momentum": exercise})
    page.route(
        "**/_static/course/cases.json", lambda route: route.fulfill(body=answer, content_type="application/json")
    )


def put(page, body):
    """Replace the body of update in the editor."""
    code = page.locator(".pg-code")
    head = code.input_value().split("):\n")[0]
    lines = [*body.split("\n"), "return theta, v"]
    code.fill(head + "):\n" + "\n".join(f"    {line}" for line in lines))


def check(page):
    page.get_by_role("button", name="Check", exact=True).click()
    return page.locator(".pg-verdict")


def test_a_built_in_rule_raced_from_its_own_source_repeats_it_to_the_last_bit(player):
    player.open("#v=1&surface=Ravine&rule=Adam,lr:0.1&steps=50")
    page = player.page
    page.get_by_text("Write your own rule").click()
    expect(page.get_by_label("begin with")).to_have_value("Adam")
    page.get_by_role("button", name="Put it in the race").click()
    expect(player.row("Own")).to_be_visible()
    page.locator(".playground-whole summary", has_text="The paths on the map").click()
    for row in page.locator(".playground-whole .pg-scroll table").first.locator("tbody tr").all():
        cells = row.locator("td").all_inner_texts()
        assert cells[:2] == cells[2:]


def test_an_error_is_shown_at_its_line_and_the_last_good_rule_keeps_running(player):
    player.open("#v=1&surface=Bowl&rule=GradientDescent,lr:0.1")
    page = player.page
    page.locator(".pg-chip", has_text="your rule").first.click()
    expect(player.row("Own")).to_be_visible()
    code = page.locator(".pg-code")
    expect(code).to_be_focused()
    code.fill("step = lr * grad\ntheta = theta - step ** 2")
    expect(page.locator(".pg-editor .pg-problem")).to_contain_text("Line 2:")
    expect(page.locator(".pg-lines .pg-wrong")).to_have_text("2")
    assert code.get_attribute("aria-invalid") is not None
    expect(player.row("Own")).to_be_visible()
    code.fill("step = lr * grad\ntheta = theta - step")
    expect(page.locator(".pg-editor .pg-problem")).to_have_text("")
    expect(player.status("Own")).to_have_text(player.status("GradientDescent").inner_text())


def test_a_rule_of_ones_own_travels_in_the_address(player):
    player.open("#v=1&surface=Bowl&rule=GradientDescent,lr:0.1")
    page = player.page
    page.locator(".pg-chip", has_text="your rule").first.click()
    page.locator(".pg-code").fill("theta = theta - lr * sign(grad)")
    page.wait_for_function("location.hash.includes('sign')")
    player.open(page.evaluate("location.hash"))
    expect(player.row("Own")).to_be_visible()
    page.get_by_text("Write your own rule").click()
    expect(page.locator(".pg-code")).to_have_value("theta = theta - lr * sign(grad)")


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("address", ["?exercise=momentum", "#exercise=momentum"])
def test_an_exercise_opens_with_its_starter_and_tells_right_from_wrong(player, address):
    player.open(address)
    page = player.page
    expect(page.locator(".pg-exercise")).to_contain_text("Exercise: Momentum")
    assert page.get_by_role("link", name="Back to the text").get_attribute("href").endswith("/book/momentum.html")
    expect(check(page)).to_contain_text("Case 1, step 2")
    put(page, AVERAGED)
    expect(check(page)).to_contain_text("This v is an average of the gradients, not their sum.")
    expect(page.locator(".pg-exercise summary")).to_have_text(["Hint 1", "Hint 2"])
    put(page, WITHOUT_MEMORY)
    verdict = check(page)
    expect(verdict).to_contain_text("Case 1, step 2: θ should be")
    expect(verdict).not_to_contain_text("average")
    put(page, BODY)
    expect(check(page)).to_have_text("Right: all 2 cases agree.")
    expect(page.locator(".playground-whole [role=status]")).to_have_text("Right: all 2 cases agree.")
    put(page, "v = self.beta * v +")
    expect(check(page)).to_contain_text("cannot be read")


@pytest.mark.usefixtures("course")
def test_an_exercise_that_does_not_exist_is_said_so(player):
    player.open("?exercise=%3Cscript%3Ewindow.hit%3D1%3C/script%3E")
    expect(player.page.locator(".pg-notes")).to_contain_text("no exercise")
    assert player.page.evaluate("window.hit") is None
