"""Attention: weights of every head, their arithmetic, ablation, rollout, positional encodings and decoding."""

from . import ablation, attention, head_parts, positions, unfolded, writing

MODULES = (attention, ablation, head_parts, positions, unfolded, writing)
