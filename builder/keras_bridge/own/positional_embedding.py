import keras
from keras import ops


class PositionalEmbedding(keras.layers.Layer):
    """Adds to each step of a sequence a vector that says where it stands.

    `learned`: a weight (steps, features). `sinusoidal`: sin(t / 10000^(2i / features)) at feature 2i and the cosine at
    2i + 1 (Vaswani et al. 2017, arXiv 1706.03762), without weights.

    Input and output shape: (batch, steps, features).
    """

    def __init__(self, kind="learned", **kwargs):
        super().__init__(**kwargs)
        self.kind = kind
        self.supports_masking = True

    def build(self, input_shape):
        if len(input_shape) != 3 or None in input_shape[1:]:
            raise ValueError(f"expected ndim=3, steps and features of known size, found ndim={len(input_shape)}: {input_shape}")
        if self.kind == "learned":
            start = keras.initializers.RandomNormal(stddev=0.5)
            self.position = self.add_weight(shape=input_shape[1:], initializer=start, name="position")

    def call(self, inputs):
        inputs = ops.cast(inputs, self.compute_dtype)
        return inputs + (self.position if self.kind == "learned" else self.waves(inputs))

    def waves(self, inputs):
        steps, features = inputs.shape[1:]
        at = ops.reshape(ops.arange(steps, dtype="float32"), (steps, 1))
        feature = ops.arange(features)
        rate = 10000.0 ** (-ops.cast(feature - feature % 2, "float32") / features)
        angle = at * rate
        return ops.cast(ops.where(feature % 2 == 0, ops.sin(angle), ops.cos(angle)), inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "kind": self.kind}
