"""The playground's page: what a hand, a keyboard and an address do to it."""

import csv
import io
import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

import optimtext as ot


@pytest.fixture
def playground(player):
    player.open()
    return player.page


def test_the_page_offers_the_engine_that_it_draws_with(playground):
    spec = {
        "rule": "Momentum",
        "hyper": {"lr": 0.02, "beta": 0.8},
        "surface": "Ravine",
        "start": [-4.5, 1],
        "steps": 40,
    }
    run = playground.evaluate("spec => window.optimtext.run(spec)", spec)
    ravine = ot.surfaces.Ravine()
    same = ot.minimize(ravine, [-4.5, 1.0], ot.Momentum(lr=0.02, beta=0.8), max_steps=40)
    assert run["theta"] == same.trace.theta.tolist()
    assert run["loss"] == list(same.trace.loss)
    assert run["status"] == "max_steps"


def test_every_rule_and_surface_of_the_package_can_be_chosen(playground):
    assert playground.locator(".pg-chip").count() == len(ot.rules.ALL) + 1
    names = [ot.looks.identity(rule).label for rule in ot.rules.ALL]
    chips = playground.locator(".pg-chip").all_inner_texts()
    assert [chip.strip() for chip in chips] == [*names, "your rule"]
    surfaces = playground.locator(".pg-pill").all_inner_texts()
    assert [name.strip() for name in surfaces] == [surface.__name__ for surface in ot.surfaces.ALL]


def test_the_start_point_can_be_dragged_and_moved_by_keys_and_typed(playground, player):
    handle = playground.locator(".pg-start").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = player.start()
    playground.mouse.move(x, y)
    playground.mouse.down()
    playground.mouse.move(x + 80, y - 40, steps=4)
    playground.mouse.up()
    after = player.start()
    assert after[0] > before[0]
    assert after[1] > before[1]
    handle.press("Home")
    assert player.start() == (-4.5, 1.0)
    handle.press("ArrowRight")
    handle.press("Shift+ArrowUp")
    moved = player.start()
    assert -4.5 < moved[0] < -4.4
    assert moved[1] > 1.3
    playground.get_by_label("start θ₂").fill("0.001")
    assert player.start()[1] == 0.001


def test_a_click_on_the_map_puts_the_start_there(playground, player):
    stage = playground.locator(".pg-map").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    stage.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    x, y = player.start()
    assert x == pytest.approx(2.5, abs=0.05)
    assert y == pytest.approx(0.0, abs=0.05)


def test_each_rule_shows_its_own_limit_and_what_happens_above_it(playground, player):
    rules = "&".join(f"rule={name},lr:0.03" for name in ("GradientDescent", "Momentum", "Nesterov"))
    player.open(f"#v=1&surface=Ravine&{rules}&steps=100")
    hints = [row.locator(".pg-hint").first.inner_text() for row in playground.locator(".pg-row").all()]
    ravine = ot.surfaces.Ravine()
    for cls, hint in zip((ot.GradientDescent, ot.Momentum, ot.Nesterov), hints, strict=True):
        assert hint.endswith(f"= {ot.theory.stability_limit(cls(lr=0.01), ravine):.3g}"), hint
    assert len(set(hints)) == 3
    player.rate("GradientDescent").fill("0.05")
    expect(player.status("GradientDescent")).to_have_text("diverged")
    expect(playground.locator(".pg-story").first).to_contain_text("2/L = 0.04")
    # The one live region says it, when things have come to rest.
    expect(playground.locator(".playground-whole [role=status]")).to_contain_text("2/L = 0.04")


def test_it_plays_pauses_steps_and_goes_back(playground):
    step = playground.get_by_role("slider", name="Step", exact=True).first
    group = playground.get_by_role("group", name="Playing").first
    group.get_by_role("button", name="Back to the start").click()
    expect(step).to_have_value("0")
    group.get_by_role("button", name="One step", exact=True).click()
    group.get_by_role("button", name="One step", exact=True).click()
    expect(step).to_have_value("2")
    group.get_by_role("button", name="One step back").click()
    expect(step).to_have_value("1")
    group.get_by_role("button", name="Play", exact=True).click()
    expect(group.get_by_role("button", name="Pause")).to_be_visible()
    playground.wait_for_function("document.querySelector('.pg-scrubber').value > 5")
    group.get_by_role("button", name="Pause").click()
    stopped = step.input_value()
    playground.wait_for_timeout(200)
    assert step.input_value() == stopped


def test_chart_and_map_are_linked_by_the_step(playground):
    chart = playground.locator(".pg-chart").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    playground.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    heading = playground.locator(".pg-inspect .pg-heading").first
    expect(heading).not_to_contain_text("at step 150")
    playground.mouse.move(5, 5)
    expect(heading).to_contain_text("at step 150")
    playground.get_by_role("slider", name="Step", exact=True).first.press("ArrowLeft")
    expect(heading).to_contain_text("at step 149")


def test_the_inspector_shows_what_the_rule_remembers(page, player):
    player.open("#v=1&surface=Ravine&rule=Adam,lr:0.1&steps=5")
    table = page.locator(".pg-inspector").first
    for name in ("first moment m", "second moment v", "effective rate"):
        expect(table).to_contain_text(name)
    run = ot.minimize(ot.surfaces.Ravine(), [-4.5, 1.0], ot.Adam(lr=0.1), max_steps=5)
    position = table.get_by_role("row", name="position").locator("td").first.inner_text()
    assert float(position.replace("−", "-")) == pytest.approx(run.theta[0], rel=1e-3)


def test_a_schedule_and_noise_change_the_runs(playground):
    heading = playground.locator(".pg-inspect .pg-heading").first
    before = heading.inner_text()
    playground.get_by_label("schedule of the rate").select_option("StepDecay")
    expect(playground.get_by_label("factor of a drop, schedule", exact=True)).to_be_visible()
    expect(heading).not_to_have_text(before)
    assert playground.get_by_label("seed of the noise", exact=True).is_hidden()
    playground.get_by_label("gradient noise σ, exact value").fill("0.5")
    assert playground.get_by_label("seed of the noise", exact=True).is_visible()


def test_an_impossible_number_is_refused_in_words_and_the_last_one_stays(playground, player):
    field = player.rate("GradientDescent")
    field.fill("-1")
    problem = playground.locator(".pg-row[data-rule=GradientDescent] .pg-problem").first
    expect(problem).to_have_text("must be positive and finite")
    assert field.get_attribute("aria-invalid") is not None
    field.press("Tab")
    expect(field).to_have_value("0.03")
    expect(problem).to_have_text("")


def test_what_is_downloaded_repeats_the_run(playground, tmp_path):
    with playground.expect_download() as found:
        playground.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(found.value.path().read_text())))
    run = ot.minimize(ot.surfaces.Ravine(), [-4.5, 1.0], ot.GradientDescent(lr=0.03), max_steps=150)
    assert [float(row["loss"]) for row in rows] == list(run.trace.loss)
    with playground.expect_download() as found:
        playground.get_by_role("button", name="Download Python").click()
    script = tmp_path / "playground.py"
    script.write_text(found.value.path().read_text())
    done = subprocess.run([sys.executable, "-W", "error", str(script)], capture_output=True, text=True, check=True)
    assert f"150 {run.theta[0]!r}".replace("np.float64(", "").replace(")", "") in done.stdout


def test_the_address_follows_and_brings_everything_back(playground, player):
    player.rate("Adam").fill("0.05")
    playground.locator(".pg-start").first.press("Shift+ArrowUp")
    playground.locator(".pg-pill", has_text="Himmelblau").click()
    playground.locator(".pg-chip", has_text="Nesterov").click()
    playground.wait_for_function("location.hash.includes('Himmelblau') && location.hash.includes('Nesterov')")
    address = playground.evaluate("location.hash")
    player.open(address)
    playground.wait_for_timeout(400)
    assert playground.evaluate("location.hash") == address
    expect(player.rate("Adam")).to_have_value("0.05")
    expect(playground.locator(".pg-notes")).to_be_hidden()


def test_an_assignment_locks_controls_and_hides_the_answer(playground, player, base_url, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.get_by_text("Make an assignment of it").click()
    for name in ("surface", "rules"):
        playground.get_by_label(name, exact=True).check()
    playground.get_by_label("hide the theory").check()
    playground.get_by_role("button", name="Copy the link for students").click()
    expect(playground.locator(".pg-shared").first).to_contain_text("clipboard")
    link = playground.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{base_url}/playground.html#")
    player.open(link[link.index("#") :])
    assert playground.locator(".pg-pill input").first.is_disabled()
    assert playground.locator(".pg-chip input").first.is_disabled()
    assert player.rate("Adam").is_enabled()
    assert playground.locator(".pg-limited").count() == 0
    assert playground.get_by_text("Make an assignment of it").is_hidden()
    expect(playground.locator(".pg-story").first).to_contain_text("Decide first")


def test_the_numbers_behind_both_drawings_stand_in_tables(playground):
    for name in ("The paths on the map", "The losses of the chart"):
        playground.locator(".playground-whole summary", has_text=name).click()
    tables = playground.locator(".playground-whole .pg-scroll table")
    assert tables.count() == 2
    last = tables.nth(1).locator("tbody tr").last.inner_text().split()
    run = ot.minimize(ot.surfaces.Ravine(), [-4.5, 1.0], ot.GradientDescent(lr=0.03), max_steps=150)
    assert last[0] == "150"
    assert float(last[1]) == pytest.approx(run.loss, rel=1e-4)


def test_the_levels_are_those_of_the_figures(playground):
    from optimtext.surfaces.picture import levels

    drawn = playground.evaluate(
        """async () => {
          const { levels } = await import('./_static/playground/view.js');
          const { surfaces } = await import('./_static/playground/engine.js');
          return Object.fromEntries(Object.values(surfaces).map((surface) =>
            [surface.name, levels((x, y) => surface.value(surface.hyper, x, y), surface.window, surface.minimum)]));
        }"""
    )
    for surface in ot.surfaces.ALL:
        assert drawn[surface.__name__] == pytest.approx(levels(surface()).tolist(), rel=1e-9), surface


@pytest.mark.parametrize("fragment", ["", "#v=1&surface=Saddle&rule=Lion,lr:0.1"])
def test_reloading_shows_the_same(page, player, fragment):
    player.open(fragment)
    before = page.locator(".pg-inspect .pg-heading").first.inner_text()
    page.reload()
    expect(page.locator(".pg-inspect .pg-heading").first).to_have_text(before)
    assert json.loads(json.dumps(before))
