"""Networks that learn to give their input again, through a layer named `latent` that is too narrow to copy it."""

from builder.network import Network

from .blocks import Chain


def linear_autoencoder() -> Network:
    """8 x 8 digits -> 8 numbers -> 8 x 8 digits, without activations: it finds what PCA finds (Baldi and Hornik 1989)."""
    chain = Chain("linear_autoencoder", shape=(8, 8, 1), recipe="autoencoder")
    chain.add("Flatten", "flatten")
    chain.add("Dense", "latent", units=8)
    chain.add("Dense", "decoder", units=64)
    chain.add("Reshape", "reconstruction", target_shape=[8, 8, 1])
    return chain.network()


def dense_autoencoder() -> Network:
    """28 x 28 digits -> 128 -> 2 numbers -> 128 -> 28 x 28 digits: a code that can be drawn as a plane."""
    return _dense("dense_autoencoder", "autoencoder")


def vae() -> Network:
    """A variational autoencoder (Kingma and Welling 2013) with a code of two numbers."""
    chain = Chain("vae", shape=(28, 28, 1), recipe="variational")
    chain.add("Flatten", "flatten")
    hidden = chain.add("Dense", "encoder", units=128, activation="relu")
    mean = chain.add("Dense", "z_mean", hidden, units=2)
    spread = chain.add("Dense", "z_log_var", hidden, units=2)
    chain.add("Sampling", "latent", (mean, spread), ports=("mean", "log_variance"), kl_weight=0.0005)
    _decoder(chain)
    return chain.network()


def _dense(name: str, recipe: str) -> Network:
    chain = Chain(name, shape=(28, 28, 1), recipe=recipe)
    chain.add("Flatten", "flatten")
    chain.add("Dense", "encoder", units=128, activation="relu")
    chain.add("Dense", "latent", units=2)
    _decoder(chain)
    return chain.network()


def _decoder(chain: Chain) -> None:
    chain.add("Dense", "decoder", units=128, activation="relu")
    chain.add("Dense", "pixels", units=784, activation="sigmoid")
    chain.add("Reshape", "reconstruction", target_shape=[28, 28, 1])


def _convolutional(name: str, recipe: str, latent: int) -> Network:
    """Two convolutions that halve the picture, a dense code, and two transposed convolutions that double it again."""
    chain = Chain(name, shape=(28, 28, 1), recipe=recipe)
    for number, filters in enumerate((16, 32), 1):
        chain.add("Conv2D", f"conv_{number}", filters=filters, kernel_size=[3, 3], strides=[2, 2], padding="same", activation="relu")
    chain.add("Flatten", "flatten")
    chain.add("Dense", "latent", units=latent)
    chain.add("Dense", "decoder", units=7 * 7 * 32, activation="relu")
    chain.add("Reshape", "grid", target_shape=[7, 7, 32])
    for number, filters in enumerate((32, 16), 1):
        chain.add("Conv2DTranspose", f"up_{number}", filters=filters, kernel_size=[3, 3], strides=[2, 2], padding="same", activation="relu")
    chain.add("Conv2D", "reconstruction", filters=1, kernel_size=[3, 3], padding="same", activation="sigmoid")
    return chain.network()


def conv_autoencoder() -> Network:
    """28 x 28 digits through a code of 8 numbers, with convolutions."""
    return _convolutional("conv_autoencoder", "autoencoder", 8)


def denoising_autoencoder() -> Network:
    """28 x 28 digits with noise in, without noise out, through a code of 32 numbers."""
    return _convolutional("denoising_autoencoder", "denoising", 32)


def patch_autoencoder() -> Network:
    """16 x 16 patches of photographs through a code of 16 numbers."""
    chain = Chain("patch_autoencoder", shape=(16, 16, 3), recipe="autoencoder")
    chain.add("Flatten", "flatten")
    chain.add("Dense", "encoder", units=128, activation="relu")
    chain.add("Dense", "latent", units=16)
    chain.add("Dense", "decoder", units=128, activation="relu")
    chain.add("Dense", "pixels", units=768)
    chain.add("Reshape", "reconstruction", target_shape=[16, 16, 3])
    return chain.network()
