"""Small Transformers (Vaswani et al. 2017) for problems in which what attention must do is known."""

from builder.network import Network

from .blocks import Chain


def _embedded(chain: Chain, words: int, width: int, source: str = "", suffix: str = "") -> str:
    """Token vectors plus positions."""
    chain.add("Embedding", f"embedding{suffix}", source, input_dim=words, output_dim=width)
    return chain.add("PositionalEmbedding", f"position{suffix}")


def _attended(chain: Chain, name: str, heads: int, key_dim: int, memory: str = "", causal: bool = False) -> str:
    """Attention to itself, or to `memory`, beside a shortcut, then normalisation."""
    start = chain.last
    mask = {"use_causal_mask": True} if causal else {}
    chain.add("MultiHeadAttention", name, (start, memory or start), ports=("query", "value"), num_heads=heads, key_dim=key_dim, **mask)
    chain.add("Add", f"{name}_add", (start, name))
    return chain.add("LayerNormalization", f"{name}_norm")


def _fed_forward(chain: Chain, name: str, inner: int, width: int) -> str:
    """Two dense layers at each step, beside a shortcut, then normalisation."""
    start = chain.last
    chain.add("Dense", f"{name}_wide", units=inner, activation="relu")
    narrow = chain.add("Dense", f"{name}_narrow", units=width)
    chain.add("Add", f"{name}_add", (start, narrow))
    return chain.add("LayerNormalization", f"{name}_norm")


def reversal_attention() -> Network:
    """16 digits backwards with one attention of one head: its weights lie on the anti-diagonal."""
    chain = Chain("reversal_attention", shape=(16,), dtype="int32")
    last = _embedded(chain, 10, 64)
    chain.add("MultiHeadAttention", "attention", (last, last), ports=("query", "value"), num_heads=1, key_dim=64)
    chain.add("Dense", "dense", units=64, activation="relu")
    chain.add("Dense", "digits", units=10, activation="softmax")
    return chain.network()


def pronoun_encoder() -> Network:
    """Two encoder layers over a sentence of nine words; the answer is read off at `it`, the seventh word."""
    chain = Chain("pronoun_encoder", shape=(9,), dtype="int32")
    _embedded(chain, 51, 32)
    for number in (1, 2):
        _attended(chain, f"attention_{number}", heads=2, key_dim=16)
        if number == 1:
            _fed_forward(chain, f"feed_{number}", 64, 32)
    chain.add("Cropping1D", "it", cropping=[6, 2])
    chain.add("Flatten", "flatten")
    chain.add("Dense", "noun", units=10, activation="softmax")
    return chain.network()


def _causal(name: str, words: int, steps: int, width: int, heads: int, layers: int = 2) -> Network:
    """A decoder-only Transformer that predicts each next token."""
    chain = Chain(name, shape=(steps,), dtype="int32")
    _embedded(chain, words, width)
    for number in range(1, layers + 1):
        _attended(chain, f"attention_{number}", heads, width // heads, causal=True)
        _fed_forward(chain, f"feed_{number}", 2 * width, width)
    chain.add("Dense", "next", units=words, activation="softmax")
    return chain.network()


def induction_transformer() -> Network:
    """Two causal layers: the first looks one step back, the second finds what followed the last time."""
    return _causal("induction_transformer", 20, 31, 64, 2)


def copy_transformer() -> Network:
    """Copy memory with one causal attention, which looks back to the symbol it has to repeat."""
    return _causal("copy_transformer", 10, 40, 32, 1, layers=1)


def text_transformer() -> Network:
    """Two causal layers that write text character by character."""
    return _causal("text_transformer", 70, 64, 64, 4)


def seq2seq_transformer() -> Network:
    """Encoder and decoder, one layer each: reads 16 digits, writes them backwards, with cross-attention between the two."""
    chain = Chain("seq2seq_transformer", shape=(16,), dtype="int32", recipe="sequence_to_sequence")
    _embedded(chain, 10, 32)
    _attended(chain, "encoder_attention", heads=2, key_dim=16)
    memory = _fed_forward(chain, "encoder_feed", 64, 32)
    target = chain.add("Input", "target", shape=[16], dtype="int32")
    _embedded(chain, 11, 32, target, "_target")
    _attended(chain, "decoder_attention", heads=2, key_dim=16, causal=True)
    _attended(chain, "cross_attention", heads=2, key_dim=16, memory=memory)
    _fed_forward(chain, "decoder_feed", 64, 32)
    chain.add("Dense", "digits", units=10, activation="softmax")
    return chain.network()
