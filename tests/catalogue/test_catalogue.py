"""Each record of the catalogue against Keras's own signature, and its limits against what it refuses."""

import inspect
import math
from typing import Any

import keras
import pytest

from builder.catalogue import ACROSS_UNITS, ACTIVATIONS, LAYERS, REQUIRED, Param, axes, check_params, curve, settings_text
from builder.errors import BuilderError
from builder.keras_bridge.own import class_of

LEFT_OUT = {
    "kwargs": "name, dtype and trainable belong to the node",
    "name": "belongs to the node",
    "dtype": "numbers are float32 throughout; only Input chooses",
    "lora_rank": "a second training of a large model, which a run doesn't do",
    "lora_alpha": "as lora_rank",
    "quantization_config": "shrinks a trained model",
    "weights": "weights come from training or from a file",
    "use_cudnn": "how it is computed, not what",
    "flash_attention": "how it is computed, not what; refused on a CPU",
    "stateful": "needs a batch of fixed size",
}
LEFT_OUT_OF = {
    "Input": {
        "batch_size": "the batch is chosen where the network is trained",
        "batch_shape": "as batch_size",
        "sparse": "inputs are dense",
        "ragged": "inputs are dense",
        "tensor": "wraps a tensor that is already there",
        "optional": "every input is fed",
    },
    "BatchNormalization": {
        "renorm": "batch renormalisation, a variant for tiny batches",
        "renorm_clipping": "as renorm",
        "renorm_momentum": "as renorm",
        "synchronized": "needs several devices",
    },
    "CategoryEncoding": {"sparse": "a sparse tensor fits no other layer"},
}
EVERY_LAYER = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)


IN_CALL = {param.name for layer in LAYERS.values() for param in layer.params if param.in_call}


def signature(layer: str) -> dict[str, Any]:
    """A Keras layer's parameters with their defaults, REQUIRED where there is none."""
    made = class_of(layer) or getattr(keras.layers, layer)
    function = made.__init__ if inspect.isclass(made) else made
    parameters = [each for each in inspect.signature(function).parameters.values() if each.name != "self"]
    if inspect.isclass(made):  # and what a person chooses of the call's
        parameters += [each for each in inspect.signature(made.call).parameters.values() if each.name in IN_CALL]
    return {each.name: REQUIRED if each.default is each.empty and each.name != "kwargs" else each.default for each in parameters}


def plain(value: Any) -> Any:
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


@EVERY_LAYER
def test_a_record_has_every_parameter_that_keras_has(layer):
    left_out = LEFT_OUT_OF.get(layer.name, {}) | (LEFT_OUT if layer.name != "Input" else {"name": ""})
    assert {param.name for param in layer.params} == set(signature(layer.name)) - set(left_out)


@EVERY_LAYER
def test_a_default_is_keras_own(layer):
    for param in layer.params:
        default = signature(layer.name)[param.name]
        if (layer.name, param.name) == ("Input", "shape"):  # Keras also takes batch_shape, so its default is None
            assert param.default is REQUIRED
        else:
            assert plain(param.default) == plain(default)


def test_what_is_left_out_is_there_in_keras():
    for layer, names in LEFT_OUT_OF.items():
        assert set(names) <= set(signature(layer))


@EVERY_LAYER
def test_a_new_layer_passes_its_own_check_and_may_be_changed(layer):
    start = layer.start()
    check_params(layer, start)
    for value in start.values():
        if isinstance(value, list):
            value.append("changed")
    check_params(layer, layer.start())


@EVERY_LAYER
def test_every_required_parameter_has_a_start(layer):
    for param in layer.params:
        assert param.default is not REQUIRED or param.start is not None, param.name


@EVERY_LAYER
def test_every_parameter_explains_itself(layer):
    for param in layer.params:
        assert param.help.endswith(".") and param.help[0].isupper()


@EVERY_LAYER
def test_a_default_lies_within_the_limits(layer):
    for param in layer.params:
        if param.default is not REQUIRED:
            param.check(param.default)


def numbers_outside(param: Param) -> list[Any]:
    """The numbers nearest to the limits that are no longer allowed."""
    step = 1 if param.kind in ("int", "ints") else 1e-9
    return [limit + sign * step for limit, sign in ((param.low, -1), (param.high, 1)) if limit is not None]


@EVERY_LAYER
def test_a_number_outside_the_limits_is_refused_where_it_is(layer):
    for param in layer.params:
        if param.kind not in ("int", "float", "ints", "floats"):
            continue
        for outside in [*numbers_outside(param), math.nan, math.inf, True, "3"]:
            values = [outside] if param.kind in ("int", "float") else [[outside] * (param.size or 1)]
            for value in values + ([outside] if param.scalar else []):
                with pytest.raises(BuilderError) as refused:
                    check_params(layer, {**layer.start(), param.name: value})
                assert refused.value.where == param.name


@EVERY_LAYER
def test_a_number_at_its_limit_is_allowed(layer):
    for param in layer.params:
        if param.kind in ("int", "float", "ints", "floats"):
            for limit in (param.low, param.high):
                if limit is not None:
                    param.check([limit] * (param.size or 1) if param.kind in ("ints", "floats") else limit)


@EVERY_LAYER
def test_only_the_listed_choices_are_allowed(layer):
    for param in layer.params:
        if param.kind == "choice":
            for choice in param.choices:
                param.check(choice)
            with pytest.raises(BuilderError):
                param.check("something else")


def test_a_missing_or_unknown_parameter_is_named():
    with pytest.raises(BuilderError, match="units"):
        check_params(LAYERS["Dense"], {})
    with pytest.raises(BuilderError, match="unit"):
        check_params(LAYERS["Dense"], {"units": 3, "unit": 3})


@pytest.mark.parametrize(
    ("layer", "params", "sentence"),
    [
        ("Dense", {"units": 0}, "units needs a whole number from 1 to 1,000,000, but got 0."),
        ("Dense", {"units": None}, "units needs a whole number from 1 to 1,000,000, but got nothing."),
        ("Dropout", {"rate": 1.5}, "rate needs a number from 0 to 1, but got 1.5."),
        ("LeakyReLU", {"negative_slope": -1}, "negative_slope needs a number of at least 0, but got -1."),
        (
            "Conv2D",
            {"filters": 1, "kernel_size": [3]},
            "kernel_size needs one whole number or 2 whole numbers from 1 to 4,096, but got [3].",
        ),
        ("Conv2D", {"filters": 1, "kernel_size": 3, "padding": "full"}, "padding needs one of valid, same, but got full."),
    ],
)
def test_a_refusal_is_a_sentence(layer, params, sentence):
    with pytest.raises(BuilderError) as refused:
        check_params(LAYERS[layer], params)
    assert refused.value.sentence == sentence


def test_a_nested_layer_is_checked_like_any_other():
    with pytest.raises(BuilderError) as refused:
        check_params(LAYERS["Bidirectional"], {"layer": {"layer": "LSTM", "params": {"units": 0}}})
    assert refused.value.where == "layer.units"
    for nested in ({"layer": "Input"}, {"layer": "LSTM", "params": 3}, {"layer": "LSTM", "params": {"units": 1}, "more": 1}, "LSTM"):
        with pytest.raises(BuilderError):
            check_params(LAYERS["Bidirectional"], {"layer": nested})


def test_a_regularizer_takes_its_factor_but_no_code():
    check_params(LAYERS["Dense"], {"units": 1, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}}})
    for wrong in (
        {"class_name": "Lambda", "config": {}},
        {"class_name": "L2", "config": {"l2": {"class_name": "f"}}},
        {"class_name": "L2", "module": "os"},
    ):
        with pytest.raises(BuilderError):
            check_params(LAYERS["Dense"], {"units": 1, "kernel_regularizer": wrong})


@EVERY_LAYER
def test_keras_knows_every_named_function(layer):
    for param in layer.params:
        lookups = {
            "_initializer": keras.initializers.get,
            "_regularizer": keras.regularizers.get,
            "_constraint": keras.constraints.get,
            "activation": keras.activations.get,
        }
        for ending, get in lookups.items():
            if param.name.endswith(ending):
                assert all(get(choice) is not None for choice in param.choices if choice is not None)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name not in ACROSS_UNITS])
def test_a_curve_is_what_keras_computes(name):
    xs = [x / 10 for x in range(-60, 61)] + [-80.0, 80.0]
    pairs = keras.ops.convert_to_tensor([[x, 0.0] for x in xs])
    ours = curve(name, xs)
    theirs = keras.ops.convert_to_numpy(keras.activations.get(name)(pairs))[:, 0]
    assert len(ours) == len(xs)
    for x, here, there in zip(xs, ours, theirs, strict=True):
        assert math.isclose(here, there, rel_tol=2e-5, abs_tol=2e-5) or (not math.isfinite(there) and x == 80), (x, here, there)


@pytest.mark.parametrize("name", ACROSS_UNITS)
def test_an_activation_across_units_has_no_curve(name):
    alone, beside = keras.activations.get(name)(keras.ops.convert_to_tensor([[1.0, 0.0], [1.0, 5.0]]))
    assert float(alone[0]) != float(beside[0])  # of one number alone it says nothing
    with pytest.raises(KeyError):
        curve(name, [1.0])


def test_activations_of_a_single_unit_are_all_there():
    known = {name for name in dir(keras.activations) if name[0] != "_"} - {"get", "serialize", "deserialize"}
    aliases = {"swish": "silu", "hard_swish": "hard_silu"}
    other = {"glu": "halves the last axis", "threshold": "takes two numbers of its own", "sparsemax": "Keras's own doesn't sum to 1"}
    assert known - set(aliases) - set(other) == set(ACTIVATIONS)


@pytest.mark.parametrize(
    ("layer", "params", "text"),
    [
        ("Conv2D", {"filters": 32, "kernel_size": 3, "activation": "relu"}, "32 filters · 3 × 3 · relu"),
        ("Conv2D", {"filters": 6, "kernel_size": [5, 3], "padding": "same", "strides": [2, 2]}, "6 filters · 5 × 3 · stride 2 × 2 · same"),
        ("Dense", {"units": 1024}, "1,024 units"),
        ("Dense", {"units": 1}, "1 unit"),
        ("MultiHeadAttention", {"num_heads": 1, "key_dim": 1}, "1 head · 1 wide"),
        ("MaxPooling2D", {}, "2 × 2"),
        ("Rescaling", {"scale": 1 / 255}, "1/255"),
        ("Bidirectional", {"layer": {"layer": "GRU", "params": {"units": 8}}}, "GRU · 8 units"),
        ("LeakyReLU", {}, "slope 0.3"),
        ("Flatten", {}, ""),
        ("ZeroPadding2D", {"padding": [[1, 2], [0, 0]]}, "(1, 2) and (0, 0)"),
    ],
)
def test_a_card_says_what_matters(layer, params, text):
    assert settings_text(LAYERS[layer], params) == text


def test_a_list_that_is_refused_is_written_as_people_write_one():
    with pytest.raises(BuilderError) as error:
        check_params(LAYERS["Input"], {"shape": [0, 28, None]})
    assert error.value.came == "0, 28, any"


def test_axes_have_names():
    assert axes("Conv2D", (26, 26, 32)) == ("height", "width", "channels")
    assert axes("Conv2D", (32, 26, 26), params={"data_format": "channels_first"}) == ("channels", "height", "width")
    assert axes("LSTM", (500, 64)) == ("steps", "features")
    assert axes("Dense", (10,), True, {"units": 10, "activation": "softmax"}) == ("classes",)
    assert axes("Dense", (10,), True, {"units": 10}) == ("features",)
    assert axes("Dense", (10,)) == ("features",)
    assert len(axes("Input", (2, 3, 4, 5, 6))) == 5
    assert axes("Input", ()) == ()
