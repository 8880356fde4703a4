"""The course's recurrent networks for text: 500 tokens in, 5 classes out."""

from builder.network import Network

from .blocks import Chain


def rnn_text() -> Network:
    """Embedding of 15,982 words in 300 numbers -> SimpleRNN 64 -> 5 logits."""
    chain = Chain("rnn_text", shape=(500,), dtype="int32")
    chain.add("Embedding", "embedding", input_dim=15982, output_dim=300)
    chain.add("SimpleRNN", "rnn", units=64)
    chain.add("Dense", "classes", units=5)
    return chain.network()


def _gated(name: str, layer: str) -> Network:
    chain = Chain(name, shape=(500,), dtype="int32")
    chain.add("Embedding", "embedding", input_dim=5000, output_dim=128)
    chain.add(layer, layer.lower(), units=128, dropout=0.2, recurrent_dropout=0.2)
    chain.add("Dense", "classes", units=5, activation="softmax")
    return chain.network()


def lstm_text() -> Network:
    """Embedding of 5,000 words in 128 numbers -> LSTM 128 with dropout -> 5 classes."""
    return _gated("lstm_text", "LSTM")


def gru_text() -> Network:
    """As lstm_text, with a GRU."""
    return _gated("gru_text", "GRU")
