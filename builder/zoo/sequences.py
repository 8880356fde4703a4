"""Small recurrent networks for problems whose answer is known: adding, copying, sines and share prices."""

from builder.network import Network

from .blocks import Chain


def _last_state(name: str, layer: str, units: int, steps: int, features: int) -> Network:
    """One recurrent layer, and one number from its last state."""
    chain = Chain(name, shape=(steps, features))
    chain.add(layer, layer.lower(), units=units)
    chain.add("Dense", "output", units=1)
    return chain.network()


def adding_rnn() -> Network:
    """The adding problem with a SimpleRNN, which forgets."""
    return _last_state("adding_rnn", "SimpleRNN", 64, 50, 2)


def adding_lstm() -> Network:
    """The adding problem with an LSTM, which remembers."""
    return _last_state("adding_lstm", "LSTM", 64, 50, 2)


def adding_gru() -> Network:
    """The adding problem with a GRU, which remembers with two gates."""
    return _last_state("adding_gru", "GRU", 64, 50, 2)


def sines_gru() -> Network:
    """The next value of a sum of two sines, with a GRU."""
    return _last_state("sines_gru", "GRU", 32, 32, 1)


def stocks_rnn() -> Network:
    """The next week's share price, with a SimpleRNN."""
    return _last_state("stocks_rnn", "SimpleRNN", 16, 20, 1)


def stocks_lstm() -> Network:
    """The next week's share price, with an LSTM."""
    return _last_state("stocks_lstm", "LSTM", 16, 20, 1)


def stocks_gru() -> Network:
    """The next week's share price, with a GRU."""
    return _last_state("stocks_gru", "GRU", 16, 20, 1)


def copy_gru() -> Network:
    """Copy memory with a GRU that answers at each step."""
    chain = Chain("copy_gru", shape=(40,), dtype="int32")
    chain.add("Embedding", "embedding", input_dim=10, output_dim=16)
    chain.add("GRU", "gru", units=96, return_sequences=True)
    chain.add("Dense", "symbols", units=10, activation="softmax")
    return chain.network()
