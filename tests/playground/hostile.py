"""Addresses that are wrong, broken or hostile: written by hand, and made from good ones by damage.

`corpus()` is used in Node, where decoding is tested, and in the browser, where a page must stay as it is.
"""

import random
from urllib.parse import quote

GOOD = "v=1&surface=Ravine&surface.condition=50&start=-4.5,1&rule=GradientDescent,lr:0.03&rule=Adam,lr:0.3,beta1:0.9"
MARKUP = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    '"><iframe srcdoc="<script>parent.hit=1</script>">',
    "javascript:window.hit=1",
    "'-window.hit=1-'",
    "${window.hit=1}",
    "{{constructor.constructor('window.hit=1')()}}",
    "</textarea><script>window.hit=1</script>",
    "]]><script>window.hit=1</script>",
)
NAMES = (
    "surface",
    "rule",
    "own",
    "schedule",
    "start",
    "preset",
    "lock",
    "view",
    "basin",
    "noise",
    "seed",
    "steps",
    "hide",
)
KEYS = ("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__", "valueOf")
NUMBERS = (
    "",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "0x10",
    "1_0",
    "--1",
    "1,2,3",
    "٣",
    "1e",
    ".",
    "null",
    "[1]",
    "1;2",
)
CODE = (
    "import os",
    "__import__('os').system('true')",
    "theta = eval('1')",
    "theta = window.hit",
    "theta = (lambda: 1)()",
    "theta = theta.constructor('window.hit=1')()",
    "theta = self.__class__",
    'def update(self, theta, grad, lr):\n    f"{window}"\n    return (theta,)',
    "def update(self, theta: print(1), grad, lr):\n    theta = theta\nimport os",
    "# a comment\rimport os",
    "theta = theta - lr * grad; import os",
    "theta = " + "(" * 5000,
    "theta = " + "-" * 3000 + "grad",
    "x" * 4001,
    "\0theta = grad",
)  # fmt: skip


def written() -> list[str]:
    """Return the addresses written by hand."""
    made = [
        "",
        "#",
        "?",
        "&",
        "=",
        "&&&",
        "v",
        "v=",
        "v=0",
        "v=2",
        "v=1.0",
        "v=1&v=1",
        "v=1&v=2",
        "V=1",
        "%",
        "v=1&%",
        "v=1&a=%E0%A4",
    ]
    made += [
        "v=1&" + "x" * 20_000,
        "v=1" + "&rule=Adam" * 1000,
        "v=1&" + "&".join(f"k{i}=1" for i in range(500)),
        "\0",
        "v=1&\ud800".encode("utf-8", "replace").decode(),
    ]
    made += [f"v=1&{name}={quote(text)}" for name in NAMES for text in MARKUP]
    made += [f"v=1&{quote(text)}=1" for text in MARKUP]
    made += [f"v=1&{key}=1&surface={key}&rule={key}&schedule={key}&rule=Adam,{key}:1&surface.{key}=1" for key in KEYS]
    made += [f"v=1&{key}.{key}=1&lock={key}&view={key}&preset={key}&basin={key}" for key in KEYS]
    made += [
        f"v=1&start={n}&seed={n}&steps={n}&noise={n}&speed={n}&rule=Adam,lr:{n}&surface=Ravine&surface.condition={n}"
        for n in map(quote, NUMBERS)
    ]
    made += [f"v=1&own={quote(code)}&rule=Own&rule=Adam" for code in CODE]
    made += [
        "v=1&rule=Own",
        "v=1&rule=Adam&rule=Adam",
        "v=1&schedule=StepDecay,every:0",
        "v=1&schedule=Warmup,then:5",
        "v=1&schedule=CosineAnnealing,lr_min:9",
    ]
    made += [
        "v=1&surface=Bowl&surface.condition=3",
        "v=1&surface=Quadratic&surface.a=1e300",
        "v=1&hide=2",
        "v=1&lock=lr,lr,evil",
        "v=1&steps=1e9&rule=Adam",
    ]
    return made


def damaged(count: int) -> list[str]:
    """Return a good address after each of so many accidents."""
    rng = random.Random(5)  # noqa: S311  # addresses, no secrets
    made = []
    for _ in range(count):
        text = GOOD
        for _ in range(rng.randrange(1, 5)):
            at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
            junk = "".join(
                rng.choice("&=,:.%#+-0e9<>\"'\\ \n\t\u202e\u00e9\U0001f600") for _ in range(rng.randrange(5))
            )
            text = rng.choice(
                [text[:at] + junk + text[at:], text[:at] + text[to:], text[:at] + text[at:to] * 3 + text[to:]]
            )
        made.append(text)
    return made


def corpus() -> list[str]:
    """Return all of them, more than 400."""
    return [*written(), *damaged(200)]
