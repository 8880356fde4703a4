"""The course's small networks: first models, multilayer perceptrons and convolutional networks that train in a minute."""

from builder.network import Network

from .blocks import Chain


def empty() -> Network:
    """An Input and nothing else: where a network of one's own begins."""
    return Chain("my_network", shape=(28, 28, 1)).network()


def first_model() -> Network:
    """2 -> Dense 3 relu -> Dense 1 sigmoid: 13 parameters."""
    chain = Chain("first_model", shape=(2,))
    chain.add("Dense", "hidden", units=3, activation="relu")
    chain.add("Dense", "output", units=1, activation="sigmoid")
    return chain.network()


def mlp() -> Network:
    """784 -> 128 -> 64 -> 10 with dropout."""
    chain = Chain("mlp", shape=(784,))
    for number, units in enumerate((128, 64), 1):
        chain.add("Dense", f"dense_{number}", units=units, activation="relu")
        chain.add("Dropout", f"dropout_{number}", rate=0.3)
    chain.add("Dense", "digits", units=10, activation="softmax")
    return chain.network()


def digit_cnn() -> Network:
    """28 x 28 x 1 -> two convolutions with pooling -> Dense 128 -> 10 classes."""
    chain = Chain("digit_cnn", shape=(28, 28, 1))
    for number, filters in enumerate((32, 64), 1):
        chain.add("Conv2D", f"conv_{number}", filters=filters, kernel_size=[3, 3], activation="relu")
        chain.add("MaxPooling2D", f"pool_{number}", pool_size=[2, 2])
    chain.add("Flatten", "flatten")
    chain.add("Dense", "dense", units=128, activation="relu")
    chain.add("Dense", "digits", units=10, activation="softmax")
    return chain.network()


def small_cnn() -> Network:
    """128 x 128 x 3 -> two 2 x 2 convolutions with pooling -> Dense 100 -> 10 classes."""
    chain = Chain("small_cnn", shape=(128, 128, 3))
    for number, filters in enumerate((16, 32), 1):
        chain.add("Conv2D", f"conv_{number}", filters=filters, kernel_size=[2, 2], activation="relu")
        chain.add("MaxPooling2D", f"pool_{number}", pool_size=[2, 2])
    chain.add("Flatten", "flatten")
    chain.add("Dense", "dense", units=100, activation="relu")
    chain.add("Dense", "classes", units=10, activation="softmax")
    return chain.network()


def flower_cnn() -> Network:
    """180 x 180 x 3 -> Rescaling -> three convolutions with pooling -> Dense 128 -> 5 logits."""
    chain = Chain("flower_cnn", shape=(180, 180, 3))
    chain.add("Rescaling", "rescaling", scale=1 / 255)
    for number, filters in enumerate((16, 32, 64), 1):
        chain.add("Conv2D", f"conv_{number}", filters=filters, kernel_size=[3, 3], padding="same", activation="relu")
        chain.add("MaxPooling2D", f"pool_{number}", pool_size=[2, 2])
    chain.add("Flatten", "flatten")
    chain.add("Dense", "dense", units=128, activation="relu")
    chain.add("Dense", "flowers", units=5)
    return chain.network()


def lenet5() -> Network:
    """LeNet-5 (LeCun et al. 1998) for 32 x 32 x 1 images, with tanh and average pooling."""
    chain = Chain("lenet5", shape=(32, 32, 1))
    for number, filters in enumerate((6, 16), 1):
        chain.add("Conv2D", f"conv_{number}", filters=filters, kernel_size=[5, 5], activation="tanh")
        chain.add("AveragePooling2D", f"pool_{number}", pool_size=[2, 2])
    chain.add("Conv2D", "conv_3", filters=120, kernel_size=[5, 5], activation="tanh")
    chain.add("Flatten", "flatten")
    chain.add("Dense", "dense", units=84, activation="tanh")
    chain.add("Dense", "digits", units=10, activation="softmax")
    return chain.network()


def _table(name: str, features: int, hidden: tuple[int, ...], outputs: int, activation: str, last: str) -> Network:
    chain = Chain(name, shape=(features,))
    for number, units in enumerate(hidden, 1):
        chain.add("Dense", f"dense_{number}", units=units, activation=activation)
    chain.add("Dense", "output", units=outputs, activation=last)
    return chain.network()


def points_mlp() -> Network:
    """2 -> 16 -> 16 -> 2 classes, for points in the plane."""
    return _table("points_mlp", 2, (16, 16), 2, "tanh", "softmax")


def spirals_mlp() -> Network:
    """2 -> 32 -> 32 -> 2 classes, for arms that wind around each other."""
    return _table("spirals_mlp", 2, (32, 32), 2, "relu", "softmax")


def iris_mlp() -> Network:
    """4 measures of a flower -> 16 -> 3 species."""
    return _table("iris_mlp", 4, (16,), 3, "relu", "softmax")


def wine_mlp() -> Network:
    """13 measures of a wine -> 32 -> 3 growers."""
    return _table("wine_mlp", 13, (32,), 3, "relu", "softmax")


def cancer_mlp() -> Network:
    """30 measures of a cell -> 32 -> 16 -> the probability of one class."""
    return _table("cancer_mlp", 30, (32, 16), 1, "relu", "sigmoid")


def diabetes_mlp() -> Network:
    """10 measures of a patient -> 32 -> 16 -> one number."""
    return _table("diabetes_mlp", 10, (32, 16), 1, "relu", "linear")


def shapes_cnn() -> Network:
    """32 x 32 x 1 -> three convolutions -> global average pooling -> 3 shapes; its class activation maps are exact."""
    chain = Chain("shapes_cnn", shape=(32, 32, 1))
    for number, filters in enumerate((16, 16, 16), 1):
        chain.add("Conv2D", f"conv_{number}", filters=filters, kernel_size=[3, 3], padding="same", activation="relu")
        if number < 3:
            chain.add("MaxPooling2D", f"pool_{number}", pool_size=[2, 2])
    chain.add("GlobalAveragePooling2D", "average")
    chain.add("Dense", "shapes", units=3, activation="softmax")
    return chain.network()
