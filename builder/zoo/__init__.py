"""Ready-made networks: `ZOO` lists them, `network(name)` builds one, `empty()` one to build on."""

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from builder.errors import BuilderError
from builder.network import Network

from . import autoencoders, plain, residual, sequences, small, text, transformers
from .small import empty


class ZooEntry(NamedTuple):
    """One ready-made network; `total_params` is the published figure that a test holds it against.

    `epochs` and `learning_rate` reach a good result where the dataset's own are not enough; None: the dataset's.
    """

    name: str
    title: str
    summary: str
    total_params: int
    build: Callable[[], Network]
    year: int | None = None
    epochs: int | None = None
    learning_rate: float | None = None


_ENTRIES = (
    ZooEntry("digit_cnn", "Digit CNN", "Reads handwritten digits with two convolutions.", 225_034, small.digit_cnn),
    ZooEntry("first_model", "First model", "Three neurons and one answer: the smallest network worth training.", 13, small.first_model),
    ZooEntry("mlp", "Multilayer perceptron", "Reads digits without convolutions: 784 numbers in, 10 classes out.", 109_386, small.mlp),
    ZooEntry(
        "points_mlp", "Points in the plane", "Separates two classes of points, so that its boundary can be drawn.", 354, small.points_mlp
    ),
    ZooEntry("spirals_mlp", "Spirals", "Wide enough to separate two arms that wind around each other.", 1_218, small.spirals_mlp),
    ZooEntry("iris_mlp", "Iris", "Tells three species from four measures of a flower.", 131, small.iris_mlp),
    ZooEntry("wine_mlp", "Wine", "Tells three growers from thirteen measures of a wine.", 547, small.wine_mlp),
    ZooEntry("cancer_mlp", "Breast cancer", "Tells benign from malignant cells by thirty measures.", 1_537, small.cancer_mlp),
    ZooEntry("diabetes_mlp", "Diabetes", "Predicts how a disease progresses: a regression.", 897, small.diabetes_mlp),
    ZooEntry("small_cnn", "Small CNN", "Two 2 x 2 convolutions on colour images of 128 x 128.", 3_078_598, small.small_cnn),
    ZooEntry("flower_cnn", "Flower CNN", "Tells five flowers apart; rescaling is part of the network.", 3_989_285, small.flower_cnn),
    ZooEntry("lenet5", "LeNet-5", "The network that read cheques.", 61_706, small.lenet5, 1998),
    ZooEntry("alexnet", "AlexNet", "The network that began the deep-learning decade.", 62_378_344, plain.alexnet, 2012),
    ZooEntry("vgg16", "VGG-16", "Sixteen layers of small convolutions.", 138_357_544, plain.vgg16, 2014),
    ZooEntry("vgg19", "VGG-19", "Nineteen layers of small convolutions.", 143_667_240, plain.vgg19, 2014),
    ZooEntry("resnet18", "ResNet-18", "Skip connections in eight blocks of two.", 11_699_112, residual.resnet18, 2015),
    ZooEntry("resnet34", "ResNet-34", "Skip connections in sixteen blocks of two.", 21_814_696, residual.resnet34, 2015),
    ZooEntry("resnet50", "ResNet-50", "Skip connections in sixteen bottleneck blocks.", 25_636_712, residual.resnet50, 2015),
    ZooEntry("resnet101", "ResNet-101", "Skip connections in thirty-three bottleneck blocks.", 44_707_176, residual.resnet101, 2015),
    ZooEntry("resnet152", "ResNet-152", "Skip connections in fifty bottleneck blocks: 517 layers.", 60_419_944, residual.resnet152, 2015),
    ZooEntry("rnn_text", "SimpleRNN text classifier", "Reads 500 words one by one and remembers.", 4_818_285, text.rnn_text),
    ZooEntry("lstm_text", "LSTM text classifier", "Reads 500 words with gates that decide what to keep.", 772_229, text.lstm_text, 1997),
    ZooEntry("gru_text", "GRU text classifier", "Reads 500 words with two gates instead of three.", 739_717, text.gru_text, 2014),
    ZooEntry("vgg16_finetune", "VGG-16 fine-tuning", "A frozen VGG-16 under a new head for two classes.", 21_137_729, plain.vgg16_finetune),
    ZooEntry("resnet50_head", "ResNet-50 head", "A frozen ResNet-50 under a new head for two classes.", 25_686_913, residual.resnet50_head),
    ZooEntry(
        "linear_autoencoder",
        "Linear autoencoder",
        "Finds what PCA finds, by gradient descent.",
        1_096,
        autoencoders.linear_autoencoder,
        1989,
        300,
        0.003,
    ),
    ZooEntry(
        "dense_autoencoder",
        "Dense autoencoder",
        "Squeezes a digit through two numbers, a plane that can be drawn.",
        202_258,
        autoencoders.dense_autoencoder,
        2006,
        30,
    ),
    ZooEntry(
        "conv_autoencoder",
        "Convolutional autoencoder",
        "Squeezes a digit through eight numbers, with convolutions.",
        45_481,
        autoencoders.conv_autoencoder,
        None,
        30,
    ),
    ZooEntry(
        "denoising_autoencoder",
        "Denoising autoencoder",
        "Takes the noise out of a digit.",
        120_769,
        autoencoders.denoising_autoencoder,
        2008,
        20,
    ),
    ZooEntry(
        "vae", "Variational autoencoder", "Learns a plane of codes from which new digits can be drawn.", 202_516, autoencoders.vae, 2013, 40
    ),
    ZooEntry(
        "patch_autoencoder",
        "Patch autoencoder",
        "Squeezes pieces of photographs through sixteen numbers.",
        201_744,
        autoencoders.patch_autoencoder,
    ),
    ZooEntry("adding_rnn", "Adding, SimpleRNN", "Adds two numbers from long ago, and forgets them.", 4_353, sequences.adding_rnn, 1990),
    ZooEntry("adding_lstm", "Adding, LSTM", "Adds two numbers from long ago, and remembers them.", 17_217, sequences.adding_lstm, 1997),
    ZooEntry("adding_gru", "Adding, GRU", "Adds two numbers from long ago with two gates.", 13_121, sequences.adding_gru, 2014),
    ZooEntry("copy_gru", "Copy memory, GRU", "Repeats ten symbols after a delay.", 33_962, sequences.copy_gru, 2014),
    ZooEntry("sines_gru", "Sines, GRU", "Foretells the next value of two sines.", 3_393, sequences.sines_gru),
    ZooEntry("stocks_rnn", "Share prices, SimpleRNN", "Foretells next week's share price.", 305, sequences.stocks_rnn),
    ZooEntry("stocks_lstm", "Share prices, LSTM", "Foretells next week's share price.", 1_169, sequences.stocks_lstm),
    ZooEntry("stocks_gru", "Share prices, GRU", "Foretells next week's share price.", 929, sequences.stocks_gru),
    ZooEntry(
        "reversal_attention",
        "Reversal, one attention",
        "Writes digits backwards with a single head.",
        23_114,
        transformers.reversal_attention,
        2017,
    ),
    ZooEntry("pronoun_encoder", "Pronoun encoder", "Finds the noun that `it` stands for.", 15_082, transformers.pronoun_encoder, 2017),
    ZooEntry(
        "copy_transformer", "Copy memory, Transformer", "Looks back to what it has to repeat.", 10_474, transformers.copy_transformer, 2017
    ),
    ZooEntry(
        "induction_transformer",
        "Induction Transformer",
        "Continues what it has seen before: two causal layers.",
        71_508,
        transformers.induction_transformer,
        2022,
    ),
    ZooEntry(
        "text_transformer",
        "Text Transformer",
        "Writes English character by character: two causal layers.",
        80_070,
        transformers.text_transformer,
        2017,
    ),
    ZooEntry(
        "seq2seq_transformer",
        "Encoder-decoder Transformer",
        "Reads a sequence and writes another, with cross-attention.",
        23_402,
        transformers.seq2seq_transformer,
        2017,
    ),
    ZooEntry(
        "shapes_cnn", "Shapes CNN", "Tells circles, squares and triangles apart, with global average pooling.", 4_851, small.shapes_cnn
    ),
)
ZOO: dict[str, ZooEntry] = {entry.name: entry for entry in _ENTRIES}


def entry_of(name: str) -> ZooEntry | None:
    """The zoo's entry of a network by its name, also where a project numbered it ("vae 2"); None: it is not the zoo's."""
    return ZOO.get(name) or ZOO.get(re.sub(r" \d+$", "", name))


@lru_cache(maxsize=64)
def network(name: str) -> Network:
    """The zoo's network of this name.

    Raises:
        BuilderError: there is none; it names those that come near.
    """
    if name not in ZOO:
        near = get_close_matches(name.lower(), ZOO, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`python -m builder zoo` lists them."
        raise BuilderError("The zoo", f"the name of one of its {len(ZOO)} networks", repr(name), hint)
    return ZOO[name].build()


__all__ = ["ZOO", "ZooEntry", "empty", "entry_of", "network"]
