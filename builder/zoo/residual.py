"""Residual networks: blocks whose input is added to their output, and ResNet-50 as a base for transfer learning."""

from typing import Any

from builder.network import Network

from .blocks import Chain


def _norm(chain: Chain, name: str, epsilon: float) -> str:
    return chain.add("BatchNormalization", name, epsilon=epsilon)


def _strides(step: int) -> dict[str, Any]:
    """Strides only where they are not Keras's default."""
    return {"strides": [step, step]} if step > 1 else {}


def _basic_block(chain: Chain, name: str, filters: int, stride: int) -> None:
    """Two 3 x 3 convolutions without bias, beside a shortcut that is projected where size or channels change."""
    shortcut = chain.last
    branch = shortcut
    for number, step in ((1, stride), (2, 1)):
        rest: dict[str, Any] = {"padding": "same", "use_bias": False, **_strides(step)}
        chain.add("Conv2D", f"{name}_{number}_conv", branch, filters=filters, kernel_size=[3, 3], **rest)
        branch = _norm(chain, f"{name}_{number}_bn", 1e-5)
        if number == 1:
            branch = chain.add("Activation", f"{name}_1_relu", activation="relu")
    if stride != 1:
        chain.add("Conv2D", f"{name}_0_conv", shortcut, filters=filters, kernel_size=[1, 1], use_bias=False, **_strides(stride))
        shortcut = _norm(chain, f"{name}_0_bn", 1e-5)
    chain.add("Add", f"{name}_add", (shortcut, branch))
    chain.add("Activation", f"{name}_out", activation="relu")


def _small_resnet(name: str, blocks: tuple[int, ...]) -> Network:
    chain = Chain(name, shape=(224, 224, 3))
    chain.add("Conv2D", "conv1_conv", filters=64, kernel_size=[7, 7], strides=[2, 2], padding="same", use_bias=False)
    _norm(chain, "conv1_bn", 1e-5)
    chain.add("Activation", "conv1_relu", activation="relu")
    chain.add("MaxPooling2D", "pool1_pool", pool_size=[3, 3], strides=[2, 2], padding="same")
    for stage, count in enumerate(blocks):
        for block in range(count):
            stride = 2 if stage > 0 and block == 0 else 1
            _basic_block(chain, f"conv{stage + 2}_block{block + 1}", 64 * 2**stage, stride)
    chain.add("GlobalAveragePooling2D", "avg_pool")
    chain.add("Dense", "predictions", units=1000, activation="softmax")
    return chain.network()


def resnet18() -> Network:
    """ResNet-18 (He et al. 2015), convolutions without bias."""
    return _small_resnet("resnet18", (2, 2, 2, 2))


def resnet34() -> Network:
    """ResNet-34 (He et al. 2015), convolutions without bias."""
    return _small_resnet("resnet34", (3, 4, 6, 3))


def _bottleneck(chain: Chain, name: str, filters: int, stride: int, project: bool) -> None:
    """1 x 1, 3 x 3, 1 x 1 convolutions beside a shortcut, as in Keras applications."""
    start = chain.last
    shortcut = start
    if project:
        chain.add("Conv2D", f"{name}_0_conv", start, filters=4 * filters, kernel_size=[1, 1], **_strides(stride))
        shortcut = _norm(chain, f"{name}_0_bn", 1.001e-5)
    chain.add("Conv2D", f"{name}_1_conv", start, filters=filters, kernel_size=[1, 1], **_strides(stride))
    _norm(chain, f"{name}_1_bn", 1.001e-5)
    chain.add("Activation", f"{name}_1_relu", activation="relu")
    chain.add("Conv2D", f"{name}_2_conv", filters=filters, kernel_size=[3, 3], padding="same")
    _norm(chain, f"{name}_2_bn", 1.001e-5)
    chain.add("Activation", f"{name}_2_relu", activation="relu")
    chain.add("Conv2D", f"{name}_3_conv", filters=4 * filters, kernel_size=[1, 1])
    _norm(chain, f"{name}_3_bn", 1.001e-5)
    chain.add("Add", f"{name}_add", (shortcut, chain.last))
    chain.add("Activation", f"{name}_out", activation="relu")


def _resnet_base(chain: Chain, blocks: tuple[int, ...]) -> None:
    """Stem and four stages of bottleneck blocks; layers and names as in Keras applications."""
    chain.add("ZeroPadding2D", "conv1_pad", padding=[3, 3])
    chain.add("Conv2D", "conv1_conv", filters=64, kernel_size=[7, 7], strides=[2, 2])
    _norm(chain, "conv1_bn", 1.001e-5)
    chain.add("Activation", "conv1_relu", activation="relu")
    chain.add("ZeroPadding2D", "pool1_pad", padding=[1, 1])
    chain.add("MaxPooling2D", "pool1_pool", pool_size=[3, 3], strides=[2, 2])
    for stage, count in enumerate(blocks):
        for block in range(count):
            stride = 2 if stage > 0 and block == 0 else 1
            _bottleneck(chain, f"conv{stage + 2}_block{block + 1}", 64 * 2**stage, stride, project=block == 0)


def _resnet(name: str, blocks: tuple[int, ...]) -> Network:
    chain = Chain(name, shape=(224, 224, 3))
    _resnet_base(chain, blocks)
    chain.add("GlobalAveragePooling2D", "avg_pool")
    chain.add("Dense", "predictions", units=1000, activation="softmax")
    return chain.network()


def resnet50() -> Network:
    """ResNet-50 (He et al. 2015), as in Keras applications."""
    return _resnet("resnet50", (3, 4, 6, 3))


def resnet101() -> Network:
    """ResNet-101 (He et al. 2015), as in Keras applications."""
    return _resnet("resnet101", (3, 4, 23, 3))


def resnet152() -> Network:
    """ResNet-152 (He et al. 2015), as in Keras applications: 517 layers."""
    return _resnet("resnet152", (3, 8, 36, 3))


def resnet50_head() -> Network:
    """ResNet-50 without its top, frozen, under a new head for two classes."""
    chain = Chain("resnet50_head", shape=(224, 224, 3))
    chain.trainable = False
    _resnet_base(chain, (3, 4, 6, 3))
    chain.trainable = True
    chain.add("GlobalAveragePooling2D", "avg_pool")
    chain.add("Dense", "dense", units=1024, activation="relu")
    chain.add("Dense", "output", units=1, activation="sigmoid")
    return chain.network()
