"""The deep stacks of plain convolutions that made history, AlexNet and VGG, and VGG-16 as a base for transfer learning."""

from builder.network import Network

from .blocks import Chain


def alexnet() -> Network:
    """AlexNet (Krizhevsky et al. 2012) as one tower, without groups."""
    chain = Chain("alexnet", shape=(227, 227, 3))
    chain.add("Conv2D", "conv_1", filters=96, kernel_size=[11, 11], strides=[4, 4], activation="relu")
    chain.add("MaxPooling2D", "pool_1", pool_size=[3, 3], strides=[2, 2])
    chain.add("Conv2D", "conv_2", filters=256, kernel_size=[5, 5], padding="same", activation="relu")
    chain.add("MaxPooling2D", "pool_2", pool_size=[3, 3], strides=[2, 2])
    for number, filters in enumerate((384, 384, 256), 3):
        chain.add("Conv2D", f"conv_{number}", filters=filters, kernel_size=[3, 3], padding="same", activation="relu")
    chain.add("MaxPooling2D", "pool_3", pool_size=[3, 3], strides=[2, 2])
    chain.add("Flatten", "flatten")
    for number in (1, 2):
        chain.add("Dense", f"dense_{number}", units=4096, activation="relu")
        chain.add("Dropout", f"dropout_{number}", rate=0.5)
    chain.add("Dense", "classes", units=1000, activation="softmax")
    return chain.network()


VGG_FILTERS = (64, 128, 256, 512, 512)


def _vgg_base(chain: Chain, convolutions: tuple[int, ...]) -> None:
    """Five blocks of 3 x 3 convolutions, each halved by max pooling; named as in Keras applications."""
    for block, (filters, count) in enumerate(zip(VGG_FILTERS, convolutions, strict=True), 1):
        for number in range(1, count + 1):
            name = f"block{block}_conv{number}"
            chain.add("Conv2D", name, filters=filters, kernel_size=[3, 3], padding="same", activation="relu")
        chain.add("MaxPooling2D", f"block{block}_pool", pool_size=[2, 2])


def _vgg(name: str, convolutions: tuple[int, ...]) -> Network:
    chain = Chain(name, shape=(224, 224, 3))
    _vgg_base(chain, convolutions)
    chain.add("Flatten", "flatten")
    chain.add("Dense", "fc1", units=4096, activation="relu")
    chain.add("Dense", "fc2", units=4096, activation="relu")
    chain.add("Dense", "predictions", units=1000, activation="softmax")
    return chain.network()


def vgg16() -> Network:
    """VGG-16 (Simonyan and Zisserman 2014), with its top."""
    return _vgg("vgg16", (2, 2, 3, 3, 3))


def vgg19() -> Network:
    """VGG-19 (Simonyan and Zisserman 2014), with its top."""
    return _vgg("vgg19", (2, 2, 4, 4, 4))


def vgg16_finetune() -> Network:
    """VGG-16 without its top, frozen, under a new head for two classes."""
    chain = Chain("vgg16_finetune", shape=(224, 224, 3))
    chain.trainable = False
    _vgg_base(chain, (2, 2, 3, 3, 3))
    chain.trainable = True
    chain.add("Flatten", "flatten")
    chain.add("Dense", "dense", units=256, activation="relu")
    chain.add("Dense", "output", units=1, activation="sigmoid")
    return chain.network()
