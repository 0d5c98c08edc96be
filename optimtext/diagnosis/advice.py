"""Likely causes of each finding and what to try, in order; every fix names the section that explains it."""

from dataclasses import dataclass

from optimtext.diagnosis.findings import Fix
from optimtext.diagnosis.links import chapter, playground


@dataclass(frozen=True)
class Advice:
    """Causes and fixes of one finding, likeliest and cheapest first."""

    causes: tuple[str, ...]
    fixes: tuple[Fix, ...]


_TOO_LARGE = playground("Ravine", "GradientDescent", lr=0.041)
_EDGE = playground("Ravine", "GradientDescent", lr=0.039)
_TINY = playground("Ravine", "GradientDescent", lr=0.0005)
_BALL = playground("Ravine", "Momentum", lr=0.02, beta=0.99)
_CALM = playground("Ravine", "Momentum", lr=0.02, beta=0.8)
#: Also the first advice where the parameters show that it is momentum that rolls.
LESS_MOMENTUM = Fix(
    "Lower the momentum, from 0.99 to 0.9 or to 0.8; the swings of a heavy ball are its own.",
    chapter("momentum", "mom-section-damping"),
    _BALL,
)
_SADDLE = playground("Saddle", "GradientDescent", lr=0.05)

_LARGER = Fix(
    "Raise the rate by factors of 3 to 10 until the run turns unstable, then go back by one factor.",
    chapter("learning_rate", "rate-range"),
    _TINY,
)
_SMALLER = Fix(
    "Divide the rate by 10; if that cures it, go up again by factors of 2 or 3.",
    chapter("failures", "fail-divergence"),
    _TOO_LARGE,
)
_CLIP = Fix(
    "Clip the norm of the gradients, so that no single batch can throw the parameters far.",
    chapter("failures", "fail-clipping"),
)
_DATA = Fix(
    "Look at the data and at the targets of the batches in question: missing values read as 0 or as "
    "huge numbers, "
    "features that were not scaled, a spoiled piece of a file.",
    chapter("failures", "fail-extreme"),
)

ADVICE = {
    "too-short": Advice(
        ("The log holds too few losses for any verdict.",),
        (
            Fix(
                "Let the run go on, or log more often: each step or every tenth rather than each epoch.",
                chapter("stopping", "stop-maximum"),
            ),
        ),
    ),
    "diverged": Advice(
        (
            "The rate is too large for the curvature of the loss.",
            "Features or targets have extreme values, or were not scaled.",
            "A single batch gave a huge gradient, and nothing limited the step.",
            "A number overflowed, or the logarithm of zero was taken; the loss is not finite where the model is sure.",
        ),
        (
            _SMALLER,
            _DATA,
            _CLIP,
            Fix("Warm the rate up from near zero over the first steps.", chapter("schedules", "schedules-warmup")),
        ),
    ),
    "oscillating": Advice(
        (
            "The rate is at the edge of stability in the steepest direction.",
            "The momentum is so large that the run rolls past the minimum and back.",
            "The loss is much steeper in some directions than in others.",
        ),
        (
            Fix("Lower the rate a little, to a half or a third.", chapter("failures", "fail-oscillation"), _EDGE),
            LESS_MOMENTUM,
            Fix(
                "Without momentum, add some: it damps a zigzag between steep walls.",
                chapter("momentum", "mom-section-memory"),
                _CALM,
            ),
            Fix("Let the rate fall over the run.", chapter("schedules", "schedules-why")),
        ),
    ),
    "noisy": Advice(
        (
            "The batches are so small that their losses say little about all samples.",
            "The run is too short for what the noise leaves visible.",
            "The loss does not move at all, which the noise hides as well.",
        ),
        (
            Fix(
                "Log the mean over an epoch, or the loss on a fixed set of samples, in place of single batches.",
                chapter("batches", "batches-unbiased"),
            ),
            Fix(
                "Take larger batches: four times as many samples halve the noise.", chapter("batches", "batches-choice")
            ),
            Fix("Let the run go on; a trend shows in a longer log.", chapter("stopping", "stop-combine")),
        ),
    ),
    "no-progress": Advice(
        (
            "The rate is far too small.",
            "No gradient reaches the parameters: dead or saturated units, detached parts, an optimizer of other ones.",
            "The run starts on a flat piece or at a saddle, such as all weights zero.",
        ),
        (
            Fix(
                "Raise the rate tenfold, and again, until something happens.",
                chapter("failures", "fail-no-progress"),
                _TINY,
            ),
            Fix(
                "Print the norm of the gradient of each layer. Where it is zero, look there; where it is not, it "
                "is the rate.",
                chapter("failures", "fail-symmetry"),
                _SADDLE,
            ),
            Fix(
                "Start from other random weights, scaled to the width of the layers.", chapter("failures", "fail-init")
            ),
        ),
    ),
    "overfitting": Advice(
        (
            "The model has begun to learn the training samples by heart.",
            "There are few samples for so flexible a model.",
            "The validation samples are of another kind than the training samples.",
        ),
        (
            Fix(
                "Stop early, and take the parameters of the lowest validation loss.", chapter("stopping", "stop-early")
            ),
            Fix("Add a penalty on the weights, or weight decay.", chapter("regularization", "reg-which")),
            Fix("Get more samples, or make the model smaller.", chapter("failures", "fail-overfitting")),
        ),
    ),
    "spikes": Advice(
        (
            "Spoiled samples, or a batch that is unlike all others.",
            "The rate is near its limit, and now and then a step is thrown off.",
            "The rate itself jumped: a faulty schedule, or a restart that was not meant.",
        ),
        (
            Fix("Find the batches at these steps, and look at their samples.", chapter("failures", "fail-extreme")),
            _CLIP,
            Fix(
                "Lower the rate to a third and see whether the spikes go.",
                chapter("failures", "fail-oscillation"),
                _EDGE,
            ),
        ),
    ),
    "plateau": Advice(
        (
            "The rate faded before the work was done.",
            "The run crossed a saddle or a flat piece of the loss.",
            "The rate is too large to get any lower: the run bounces about at the height of its noise.",
        ),
        (
            Fix(
                "Let the rate fall later or more slowly; measure its fall in steps and not in epochs.",
                chapter("schedules", "schedules-robbins-monro"),
            ),
            Fix(
                "Where the rate is constant, lower it on the plateau by a factor of 3 to 10.",
                chapter("schedules", "schedules-plateau"),
            ),
            Fix(
                "Use momentum, or a rule with a rate for each parameter, to cross flat pieces sooner.",
                chapter("adaptive", "adaptive-ruler"),
                _SADDLE,
            ),
        ),
    ),
    "underfitting": Advice(
        (
            "The model is too simple for what is to be predicted, or lacks the features that say most.",
            "A penalty or weight decay is so strong that it leaves the weights no room.",
            "What remains cannot be predicted from these features by anyone.",
        ),
        (
            Fix(
                "Weaken the penalty or the weight decay, or leave it out for a trial.",
                chapter("regularization", "reg-l2"),
            ),
            Fix(
                "Give the model more: features, products of features, a hidden layer.",
                chapter("what_is_optimized", "what-a-minimizer-is"),
            ),
            Fix(
                "Compare the loss with that of predicting the mean, or the share of each class: that is what knowing "
                "nothing costs.",
                chapter("failures", "fail-order"),
            ),
        ),
    ),
    "too-slow": Advice(
        (
            "The rate is too small: a larger one would cover the same way in fewer steps.",
            "The run was stopped long before its end.",
            "The loss is much flatter in some directions than in others, and one rate has to serve all.",
        ),
        (
            _LARGER,
            Fix(
                "Use momentum: at 0.9 the steps along a steady slope are ten times as long.",
                chapter("momentum", "mom-section-effective-step"),
                _CALM,
            ),
            Fix(
                "Bring the features to one scale, or use a rule with a rate for each parameter.",
                chapter("adaptive", "adaptive-ruler"),
            ),
        ),
    ),
    "converged": Advice(
        ("The loss is at rest, as far as the log lets one see.",),
        (
            Fix(
                "Next time stop earlier, unless what the last third of the run gained is worth its time.",
                chapter("stopping", "stop-combine"),
            ),
            Fix(
                "If the loss should be lower than this, lower the rate for a while; if that helps, it was a plateau.",
                chapter("schedules", "schedules-why"),
            ),
        ),
    ),
    "healthy": Advice(
        ("The loss is falling as it should.",),
        (Fix("Let it run on; it has not come to rest.", chapter("stopping", "stop-combine")),),
    ),
}
