// How a slider runs through the values of a hyper-parameter, by the kind that the package gives it.

const rounded = (value, digits) => Number(value.toPrecision(digits));
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function logarithmic(low, high, digits = 3) {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  return {
    at: (value) => clamp((Math.log10(value) - a) / (b - a), 0, 1) || 0,
    back: (share) => rounded(10 ** (a + share * (b - a)), digits),
  };
}

function linear(low, high, unit) {
  return {
    at: (value) => clamp((value - low) / (high - low), 0, 1),
    back: (share) => rounded(Math.round((low + share * (high - low)) / unit) * unit, 12),
  };
}

// A share that survives a step: what matters is how far it stays below 1, so that is what the slider divides evenly.
function memory(most) {
  const reach = -Math.log10(1 - most);
  return {
    at: (value) => clamp(-Math.log10(1 - value) / reach, 0, 1),
    back: (share) => rounded(1 - rounded(10 ** (-share * reach), 2), 8),
  };
}

// Zero, which a logarithm does not have, lies at the left end.
function fromZero(low, high) {
  const inner = logarithmic(low, high, 2);
  return {
    at: (value) => (value > 0 ? 0.04 + 0.96 * inner.at(value) : 0),
    back: (share) => (share < 0.02 ? 0 : inner.back(Math.max(0, (share - 0.04) / 0.96))),
  };
}

function counting(low, high) {
  const inner = logarithmic(low, high);
  return { at: inner.at, back: (share) => Math.round(inner.back(share)) };
}

/** The scale of the learning rate, the same for all rules, so that their limits can be compared. */
export const rateScale = logarithmic(1e-4, 10);

const RANGES = {
  condition: logarithmic(1, 1000),
  curvature: logarithmic(0.1, 100),
  steps: counting(1, 2000),
  sigma: fromZero(1e-3, 10),
  seed: linear(0, 100, 1),
  lr: rateScale,
  factor: linear(0.05, 1, 0.01),
  decay: linear(0.8, 1, 0.001),
};

const KINDS = {
  positive: logarithmic(1e-4, 10),
  share: linear(0.01, 1, 0.01),
  fraction: memory(0.9999),
  non_negative: fromZero(1e-12, 1),
  count: counting(1, 1000),
  finite: linear(-10, 10, 0.1),
};

/** The scale of a setting. */
export const scaleOf = (name, kind) => RANGES[name] ?? KINDS[kind] ?? KINDS.finite;

const GREEK = {
  lr: "learning rate α", beta: "memory β", beta1: "memory β₁", beta2: "memory β₂", eps: "ε outside the root",
  eps_root: "ε inside the root", weight_decay: "weight decay λ", condition: "condition number κ", curvature: "curvature",
  lr_max: "highest rate", lr_min: "lowest rate", min_lr: "lowest rate", every: "steps between drops",
  factor: "factor of a drop", decay: "factor per step", mult: "growth of a period", steps: "steps", patience: "patience",
  a: "curvature θ₁", b: "coupling", c: "curvature θ₂", sigma: "gradient noise σ", seed: "seed of the noise",
};

/** What a setting is called on the page. */
export const nameOf = (name) => GREEK[name] ?? name.replaceAll("_", " ");
