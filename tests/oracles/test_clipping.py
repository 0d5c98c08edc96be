"""Clipping against PyTorch's and optax's functions of the same purpose."""

import jax
import numpy as np
import optax
import pytest
import torch

from optimtext.clipping import ByNorm, ByValue

jax.config.update("jax_enable_x64", True)


@pytest.mark.parametrize("seed", range(6))
def test_both_clips(seed: int) -> None:
    rng = np.random.default_rng(seed)
    grad, limit = rng.normal(size=9) * 10.0 ** rng.integers(-2, 3), float(rng.uniform(0.1, 5.0))
    parameter = torch.zeros(9, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor(grad)
    torch.nn.utils.clip_grad_value_([parameter], limit)
    np.testing.assert_array_equal(ByValue(limit)(grad), parameter.grad.numpy())
    parameter.grad = torch.tensor(grad)
    torch.nn.utils.clip_grad_norm_([parameter], limit)
    shorter = np.linalg.norm(grad) / (np.linalg.norm(grad) + 1e-6) if np.linalg.norm(grad) > limit else 1.0
    np.testing.assert_allclose(ByNorm(limit)(grad) * shorter, parameter.grad.numpy(), rtol=1e-13)
    for ours, theirs in [(ByValue, optax.clip), (ByNorm, optax.clip_by_global_norm)]:
        clipped, _ = theirs(limit).update(jax.numpy.asarray(grad), optax.EmptyState())
        np.testing.assert_allclose(ours(limit)(grad), clipped, rtol=1e-13)
