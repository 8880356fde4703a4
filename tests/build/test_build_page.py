"""The Build page: a working network at the first visit, forms from the catalogue, and wrong numbers that lose nothing."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import catalogue, zoo
from builder.errors import BuilderError
from builder.network import Analysis, LayerReport, Network, Node
from builder.store import default_store
from builder.web import editing
from builder.web.editing import opened
from pages.build import fields, values
from tests.kit.numbers import number

APP = str(Path(__file__).resolve().parents[2] / "pages" / "frame" / "frame.py")


def small(network: Network, deep: bool = False, timeout: float = 10) -> Analysis:
    """An analysis without Keras."""
    layers = tuple(
        LayerReport(name=node.name, layer=node.layer, input_shapes=((28, 28, 1),), output_shape=(26, 26, 32), params=10)
        for node in network.nodes
    )
    return Analysis(name=network.name, total_params=10 * len(layers), layers=layers)


@pytest.fixture
def app(home: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(editing.calls, "analyse", small)
    return AppTest.from_file(APP, default_timeout=60)


def network_of(app: AppTest) -> Network:
    """The network that is open, as the store has it."""
    project = default_store().project(app.session_state["_project"])
    return default_store().work(project.id, project.networks[0]).network


def open_more(app: AppTest, layer: str) -> None:
    """Open the rarer settings of a layer, as a press on More does."""
    project = default_store().project(app.session_state["_project"])
    app.session_state[f"more {project.id}/{project.networks[0]}/{layer}/"] = True
    app.run()


def named(widgets: Any, label: str) -> Any:
    found = [widget for widget in widgets if widget.label.replace("\\", "") == label]
    assert found, [widget.label for widget in widgets]
    return found[0]


def test_the_first_visit_shows_the_digit_network_and_the_form_of_a_layer(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert network_of(app) == zoo.network("digit_cnn")
    assert number(app, "filters").value == 32
    assert named(app.selectbox, "activation").value == "relu"


def test_a_number_in_the_form_changes_the_network(app: AppTest) -> None:
    app.run()
    number(app, "filters").set_value(16).run()
    assert network_of(app).node("conv_1").params["filters"] == 16
    assert default_store().work(app.session_state["_project"], "digit_cnn").can_undo


def test_one_number_of_a_row_changes_and_the_other_stays(app: AppTest) -> None:
    app.run()
    number(app, "kernel_size width").set_value(5).run()
    assert list(network_of(app).node("conv_1").params["kernel_size"]) == [3, 5]


def test_a_choice_a_switch_and_a_name_are_edits(app: AppTest) -> None:
    app.run()
    named(app.selectbox, "padding").set_value("same").run()
    open_more(app, "conv_1")
    named(app.toggle, "trainable").set_value(False).run()
    named(app.text_input, "name").set_value("edges").run()
    node = network_of(app).node("edges")
    assert node.params["padding"] == "same"
    assert not node.trainable


def test_a_name_that_cannot_be_stays_in_its_field_with_the_reason(app: AppTest) -> None:
    app.run()
    open_more(app, "conv_1")
    named(app.text_input, "name").set_value("first/layer").run()
    assert named(app.text_input, "name").value == "first/layer"
    assert any("a name of the letters a to z" in each.value for each in app.markdown)
    named(app.text_input, "name").set_value("my first layer").run()
    assert network_of(app).node("my_first_layer")
    assert not any("a name of the letters" in each.value for each in app.markdown)


def test_the_rarer_settings_are_drawn_once_more_is_open(app: AppTest) -> None:
    app.run()
    assert not [field for field in app.toggle if field.label == "trainable"]
    open_more(app, "conv_1")
    assert named(app.toggle, "trainable").value


def test_a_value_back_at_the_default_is_not_written_down(app: AppTest) -> None:
    app.run()
    named(app.selectbox, "padding").set_value("same").run()
    named(app.selectbox, "padding").set_value("valid").run()
    assert "padding" not in network_of(app).node("conv_1").params


def test_the_layer_in_the_address_is_the_layer_of_the_form(app: AppTest) -> None:
    app.query_params["layer"] = "dense"
    app.run()
    assert number(app, "units").value == 128


def test_text_that_is_no_shape_stays_in_its_field_with_the_reason(app: AppTest) -> None:
    app.query_params["layer"] = "input"
    app.run()
    named(app.text_input, "shape").set_value("28 by 28").run()
    assert named(app.text_input, "shape").value == "28 by 28"
    assert any("28, 28, 1" in said.value for said in app.markdown)
    assert network_of(app) == zoo.network("digit_cnn")
    named(app.text_input, "shape").set_value("32, 32, 3").run()
    assert list(network_of(app).node("input").params["shape"]) == [32, 32, 3]


def test_a_number_outside_its_limits_stays_in_its_field_with_the_reason(app: AppTest) -> None:
    app.run()
    number(app, "filters").set_value(0).run()
    assert number(app, "filters").value == 0
    assert any("filters needs a whole number from 1" in said.value.replace("\\", "") for said in app.markdown)
    assert network_of(app) == zoo.network("digit_cnn")


@pytest.mark.parametrize(
    ("text", "why"), [("3.7", "whole number"), ("3,7", "whole number"), ("1.500", "Write 1500 if that is meant"), ("many", "“many”")]
)
def test_decimals_in_a_whole_number_are_refused_with_a_reason(app: AppTest, text: str, why: str) -> None:
    app.run()
    number(app, "filters").set_value(text).run()
    assert number(app, "filters").text == text
    assert any("filters needs" in each.value and why in each.value for each in app.markdown)
    assert network_of(app) == zoo.network("digit_cnn")
    number(app, "filters").set_value("1 024").run()
    assert network_of(app).node("conv_1").params["filters"] == 1024
    assert number(app, "filters").text == "1024"


def test_a_decimal_comma_is_read_as_a_decimal_point(app: AppTest) -> None:
    app.run()
    editing.make_edit(app.session_state["_project"], "digit_cnn", None, {"kind": "add_after", "after": "dense", "layer": "Dropout"})
    app.query_params["layer"] = "dropout"
    app.run()
    number(app, "rate").set_value("0,25").run()
    assert network_of(app).node("dropout").params["rate"] == 0.25
    assert number(app, "rate").text == "0.25"


def test_a_field_that_is_emptied_gets_its_value_back(app: AppTest) -> None:
    app.run()
    number(app, "filters").set_value(None).run()
    number(app, "kernel_size width").set_value(None).run()
    assert (number(app, "filters").value, number(app, "kernel_size width").value) == (32, 3)
    assert network_of(app) == zoo.network("digit_cnn")


def test_a_choice_of_none_reads_none(app: AppTest) -> None:
    app.run()
    named(app.selectbox, "activation").set_value(None).run()
    assert "activation" not in network_of(app).node("conv_1").params
    assert named(app.selectbox, "activation").proto.placeholder == "none"


def test_duplicate_and_delete_go_to_the_layer_that_is_there(app: AppTest) -> None:
    app.run()
    [*_, duplicate] = [button for button in app.button if button.label == "Duplicate"]
    duplicate.click().run()
    copy = app.session_state["_choices"]["layer"]
    assert network_of(app).inputs_of(copy)[0].source == "conv_1"
    assert network_of(app).node(copy).params == network_of(app).node("conv_1").params
    [*_, delete] = [button for button in app.button if button.label == "Delete"]
    delete.click().run()
    assert app.session_state["_choices"]["layer"] == "conv_1"
    assert network_of(app) == zoo.network("digit_cnn")


def test_the_code_view_is_the_program(app: AppTest) -> None:
    app.run()
    app.session_state["side"] = "Code"
    app.run()
    assert "keras.Model" in app.code[-1].value


def one_layer_a_kind() -> list[str]:
    """Few layers that together have every kind of parameter: each brings the most kinds that those before it lack."""
    kinds = {name: {param.kind for param in layer.params} for name, layer in catalogue.LAYERS.items()}
    left, chosen = set().union(*kinds.values()), []
    while left:
        chosen.append(max(kinds, key=lambda name: len(kinds[name] & left)))
        left -= kinds[chosen[-1]]
    return chosen


@pytest.mark.parametrize("name", one_layer_a_kind())
def test_every_kind_of_parameter_has_its_field_on_the_page(app: AppTest, name: str) -> None:
    """One field at least for each parameter, in a network of this layer alone."""
    layer = catalogue.LAYERS[name]
    network = Network(name="alone", nodes=(Node(name="it", layer=name, params=layer.start()),))
    project = default_store().create_project("someone", "Forms", [network])
    app.query_params["project"] = project.id
    app.session_state[f"more {project.id}/alone/it/"] = True
    app.run()
    assert not app.exception
    labels = " ".join(widget.label.replace("\\", "") for kind in (app.selectbox, app.toggle, app.text_input) for widget in kind)
    assert [param.name for param in layer.params if param.name not in labels] == []


def every_form() -> None:
    """The fields of every layer type, one below the other."""
    from builder import catalogue
    from pages.build import fields

    for name, layer in catalogue.LAYERS.items():
        form = fields.Form(name, layer, layer.start(), print)
        for param in layer.params:
            form.field(param)


def test_every_layer_has_a_form_with_a_field_for_each_parameter() -> None:
    drawn = AppTest.from_function(every_form, default_timeout=120).run()
    assert not drawn.exception
    keys = {str(widget.key) for kind in (drawn.selectbox, drawn.toggle, drawn.text_input) for widget in kind}
    shown = {tuple(key.split("/")[:2]) for key in keys}
    assert [
        (name, param.name) for name, layer in catalogue.LAYERS.items() for param in layer.params if (name, param.name) not in shown
    ] == []


def test_a_field_that_is_no_longer_drawn_changes_nothing(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    sent: list[Any] = []
    layer = catalogue.LAYERS["Conv2D"]
    param = layer.param("filters")
    fields.st.session_state["_form"] = "here/"
    fields.Form("elsewhere/", layer, {}, sent.append).store(param, lambda: 8)
    assert sent == []
    fields.Form("here/", layer, {"filters": 8}, sent.append).store(param, lambda: 8)
    assert sent == []
    fields.Form("here/", layer, {"filters": 4}, sent.append).store(param, lambda: 8)
    assert sent == [{"filters": 8}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("28, 28, 1", [28, 28, 1]),
        ("28 x 28", [28, 28]),
        ("any, 3", [None, 3]),
        ("(1, 2), (3, 4)", [[1, 2], [3, 4]]),
        ("[5]", [5]),
        ("(28, 28, 1)", [28, 28, 1]),
    ],
)
def test_a_shape_is_read_as_people_write_it(text: str, value: Any) -> None:
    assert values.parsed(catalogue.LAYERS["Input"].param("shape"), text) == value


def test_a_written_shape_is_read_back() -> None:
    for value in ([28, 28, 1], [None, 3], [[1, 2], [3, 4]]):
        assert values.parsed(catalogue.LAYERS["Input"].param("shape"), values.as_typed(value)) == value


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"nodes": 3}',
        b"\xff\xfe",
        b'{"version": 99}',
        b'{"nodes": [{"name": "a", "layer": "Dense", "params": {"units": -1}}]}',
    ],
)
def test_a_bad_file_is_a_sentence(content: bytes) -> None:
    with pytest.raises(BuilderError) as caught:
        opened(content)
    assert caught.value.sentence.endswith(".")
