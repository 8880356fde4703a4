import keras
from keras import ops


class Sampling(keras.layers.Layer):
    """Draws z = mean + exp(log_variance / 2) * noise, and adds the KL divergence from a standard normal to the loss.

    KL = -1/2 sum(1 + log_variance - mean^2 - exp(log_variance)), summed over the latent axis, averaged over the batch,
    times `kl_weight` (Kingma and Welling 2013, arXiv 1312.6114). Outside training z is the mean.

    Input shapes: mean and log_variance, both (batch, latent). Output shape: (batch, latent).
    """

    def __init__(self, kl_weight=1.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.kl_weight = kl_weight
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)
        self.kl = keras.metrics.Mean(name="kl")

    def call(self, mean, log_variance, training=False):
        divergence = -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1)
        self.add_loss(self.kl_weight * ops.mean(divergence))
        self.kl.update_state(divergence)
        if not training:
            return mean
        return mean + ops.exp(log_variance / 2) * keras.random.normal(ops.shape(mean), seed=self.noise)

    def compute_output_shape(self, mean_shape, log_variance_shape=None):
        return mean_shape

    def get_config(self):
        return {**super().get_config(), "kl_weight": self.kl_weight, "seed": self.seed}
