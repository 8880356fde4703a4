"""Autoencoders from the inside: reconstructions and errors against Keras, codes there and back, PCA against scikit-learn."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import precision_recall_curve

from builder import zoo
from builder.datasets import parts
from builder.errors import BuilderError
from builder.keras_bridge import to_keras
from builder.network import Network
from builder.probes.autoencoder.codes import encoded, latent_node
from builder.probes.autoencoder.components import flattened, pca
from builder.probes.autoencoder.latent import LATENT, beside_pca, decode, encode, latent
from builder.probes.autoencoder.reconstruction import RECONSTRUCTION, errors, precision_recall, reconstruction
from builder.probes.model.loaded import loaded
from builder.probes.saving import save
from builder.runs import Settings
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path
from tests.kit.probing import look

pytestmark = pytest.mark.usefixtures("home")


def made(place: Path, network: Network, dataset: str, recipe: str = "autoencoder") -> Any:
    """A run's folder with random weights before and after an epoch; returns the Keras model that has the last."""
    place.mkdir()
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset=dataset, recipe=recipe).model_dump_json())
    for epoch in (0, 1):
        keras.utils.set_random_seed(epoch)
        model = to_keras(network)
        write_arrays(epoch_path(place, epoch), layer_weights(model))
    return model


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    place = tmp_path_factory.mktemp("runs") / "plain"
    return place, made(place, zoo.network("linear_autoencoder"), "digits")


@pytest.fixture(scope="module")
def variational(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    place = tmp_path_factory.mktemp("runs") / "variational"
    return place, made(place, zoo.network("vae"), "digits28", "variational")


def test_a_reconstruction_is_the_network_s_output_and_its_error_has_a_sign(plain: tuple[Path, Any]) -> None:
    place, model = plain
    answer, arrays = look(reconstruction, place, sample=5)
    x = parts("digits").test.x[5:6]
    expected = np.asarray(model(x))[0]
    assert np.allclose(arrays["reconstruction"], expected, atol=1e-5)
    assert np.allclose(arrays["error"], expected - x[0], atol=1e-5) and (arrays["input"] == x[0]).all()
    assert answer["mean_squared_error"] == pytest.approx(float(np.square(expected - x[0]).mean()), rel=1e-4)


def test_noise_is_added_to_the_input_alone(plain: tuple[Path, Any]) -> None:
    place, model = plain
    answer, arrays = look(reconstruction, place, sample=5, noise=0.5, seed=3)
    wide = 1.0 if parts("digits").test.x.max() <= 1 else 16.0
    assert (arrays["clean"] == parts("digits").test.x[5]).all()
    assert (arrays["input"] - arrays["clean"]).std() == pytest.approx(0.5 * wide, rel=0.25)
    assert np.allclose(arrays["reconstruction"], model(arrays["input"][None])[0], atol=1e-4)
    assert np.allclose(arrays["error"], arrays["reconstruction"] - arrays["clean"])
    assert answer["before"] == pytest.approx(float(np.square(arrays["input"] - arrays["clean"]).mean()))
    again = look(reconstruction, place, sample=5, noise=0.5, seed=3)[1]
    assert (again["input"] == arrays["input"]).all()


def test_the_check_is_what_training_reported(plain: tuple[Path, Any]) -> None:
    place, model = plain
    assert look(reconstruction, place)[0]["checks"] == []
    x = parts("digits", 1, 0.2).validation.x
    model.compile(loss="mean_squared_error", metrics=["mean_squared_error"])
    told = model.evaluate(x, x, verbose=0, return_dict=True)["mean_squared_error"]
    (place / "history.json").write_text(json.dumps({"val_mean_squared_error": [told]}))
    assert look(reconstruction, place)[0]["checks"][0]["value"] < 1e-5 * max(told, 1)
    assert look(reconstruction, place, epoch=0)[0]["checks"] == []


def test_the_errors_are_those_of_each_sample(plain: tuple[Path, Any]) -> None:
    place, model = plain
    answer, arrays = look(errors, place, anomaly=3)
    test = parts("digits").test
    expected = np.square(np.asarray(model(test.x)) - test.x).mean(axis=(1, 2, 3))
    assert np.allclose(arrays["errors"], expected, rtol=1e-4)
    assert (arrays["anomalous"] == (test.y == 3)).all() and answer["anomalies"] == (test.y == 3).sum()
    assert arrays["counts"].sum() == len(test)


def test_the_threshold_s_precision_and_recall_are_scikit_learn_s(plain: tuple[Path, Any]) -> None:
    place, _ = plain
    _, arrays = look(errors, place)
    precision, recall, thresholds = precision_recall_curve(arrays["anomalous"], arrays["errors"])
    assert np.allclose(arrays["thresholds"], thresholds[::-1])
    assert np.allclose(arrays["precisions"], precision[:-1][::-1]) and np.allclose(arrays["recalls"], recall[:-1][::-1])
    at = len(thresholds) // 3
    answer, _ = look(errors, place, threshold=float(thresholds[at]))
    assert answer["precision"] == pytest.approx(precision[at]) and answer["recall"] == pytest.approx(recall[at])


def test_equal_errors_are_called_together() -> None:
    curve = precision_recall(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, True, False, True]))
    assert curve.thresholds.tolist() == [3, 2, 1]
    assert curve.precision.tolist() == pytest.approx([1, 2 / 3, 1 / 2]) and curve.recall.tolist() == [0.5, 1, 1]


@pytest.mark.parametrize(
    ("network", "dataset", "layer", "shape"),
    [
        ("linear_autoencoder", "digits", "latent", [8]),
        ("dense_autoencoder", "digits28", "latent", [2]),
        ("vae", "digits28", "latent", [2]),
        ("digit_cnn", "digits28", "dense", [128]),
    ],
)
def test_codes_are_taken_where_the_network_is_narrowest(tmp_path: Path, network: str, dataset: str, layer: str, shape: list[int]) -> None:
    model = made(tmp_path / "run", zoo.network(network), dataset)
    answer, arrays = look(latent, tmp_path / "run")
    assert answer["layer"] == layer and answer["shape"] == shape
    test = parts(dataset).test
    expected = keras.Model(model.inputs, model.get_layer(layer).output)(test.x[:50])
    assert np.allclose(arrays["codes"][:50], expected, atol=1e-4) and (arrays["labels"] == test.y).all()
    assert answer["checks"][0]["value"] < 1e-4
    assert arrays["plane"].shape == (len(test), 2)


def test_a_layer_with_another_beside_it_has_no_codes(variational: tuple[Path, Any]) -> None:
    with pytest.raises(BuilderError, match="that everything passes"):
        look(latent, variational[0], layer="z_mean")


def test_the_codes_of_a_variational_network_are_its_means(variational: tuple[Path, Any]) -> None:
    place, model = variational
    answer, arrays = look(latent, place)
    x = parts("digits28").test.x
    mean, spread = (np.asarray(keras.Model(model.inputs, model.get_layer(name).output)(x)) for name in ("z_mean", "z_log_var"))
    assert np.allclose(arrays["codes"], mean, atol=1e-5)
    assert np.allclose(answer["kl"], (-0.5 * (1 + spread - mean**2 - np.exp(spread))).mean(0), rtol=1e-4)


def test_any_point_is_decoded_as_the_layers_after_the_codes_do(plain: tuple[Path, Any]) -> None:
    place, model = plain
    codes = np.random.default_rng(0).normal(size=(5, 8)).astype("float32")
    answer, arrays = look(decode, place, {"codes": codes})
    expected = model.get_layer("reconstruction")(model.get_layer("decoder")(codes))
    assert answer["layer"] == "latent" and np.allclose(arrays["decoded"], expected, atol=1e-5)
    with pytest.raises(BuilderError, match="rows of 8 finite numbers"):
        look(decode, place, {"codes": codes[:, :3]})


def test_a_point_of_the_plane_leads_back_to_its_code(plain: tuple[Path, Any]) -> None:
    place, _ = plain
    _, arrays = look(latent, place)
    _, back = look(decode, place, {"points": arrays["plane"][:4]})
    again = (back["codes"] - arrays["codes"].mean(0)) @ arrays["plane_components"].T
    assert np.allclose(again, arrays["plane"][:4], atol=1e-4)


def test_the_way_between_two_samples_starts_and_ends_at_them(plain: tuple[Path, Any]) -> None:
    place, model = plain
    _, arrays = look(decode, place, between=[3, 8], steps=5)
    x = parts("digits").test.x[[3, 8]]
    assert np.allclose(arrays["decoded"][[0, -1]], model(x), atol=1e-4) and len(arrays["decoded"]) == 5
    assert np.allclose(arrays["codes"][2], (arrays["codes"][0] + arrays["codes"][4]) / 2, atol=1e-5)


def test_draws_from_the_prior_are_standard_normal(variational: tuple[Path, Any]) -> None:
    _, arrays = look(decode, variational[0], prior=1000, seed=4)
    assert arrays["decoded"].shape == (1000, 28, 28, 1)
    assert np.abs(arrays["codes"].mean(0)).max() < 0.15 and np.abs(arrays["codes"].std(0) - 1).max() < 0.1


@pytest.mark.parametrize("samples", [40, 500])
def test_principal_components_are_scikit_learn_s(samples: int) -> None:
    x = np.random.default_rng(0).normal(size=(samples, 30)) @ np.random.default_rng(1).normal(size=(30, 30))
    own, known = pca(x, 4), PCA(4, svd_solver="full").fit(x)
    assert np.allclose(own.rebuild(own.project(x)), known.inverse_transform(known.transform(x)))
    assert own.share == pytest.approx(known.explained_variance_ratio_.sum())


def test_codes_of_two_numbers_are_shown_as_they_are_and_one_number_is_a_line() -> None:
    codes = np.random.default_rng(0).normal(size=(50, 2))
    assert (flattened(codes, "pca", 0)[0]["plane"] == codes).all()
    line = flattened(codes[:, :1], "pca", 0)[0]
    assert line["plane"].shape == (50, 2) and not line["plane"][:, 1].any()


def test_t_sne_keeps_clusters_apart() -> None:
    random = np.random.default_rng(0)
    codes = np.concatenate([random.normal(centre, 0.1, (40, 5)) for centre in (-5, 5)])
    plane = flattened(codes, "tsne", 1)[0]["plane"]
    near = np.linalg.norm(plane[:, None] - plane, axis=-1)
    assert near[:40, :40].max() < near[:40, 40:].max() and (near[:40, 40:].min() > np.median(near[:40, :40]))


def test_pca_of_the_same_size_is_fitted_to_the_training_part(plain: tuple[Path, Any]) -> None:
    answer, arrays = look(beside_pca, plain[0], sample=7)
    split = parts("digits", 1, 0.2)
    known = PCA(8, svd_solver="full").fit(split.train.x.reshape(-1, 64))
    flat = split.test.x.reshape(-1, 64)
    again = known.inverse_transform(known.transform(flat))
    assert answer["pca_error"] == pytest.approx(float(np.square(again - flat).mean()), rel=1e-5)
    assert np.allclose(arrays["pca_reconstruction"].reshape(-1), again[7], atol=1e-4)
    assert answer["ratio"] == pytest.approx(answer["error"] / answer["pca_error"]) and answer["dimensions"] == 8


def test_the_probes_files(plain: tuple[Path, Any], tmp_path: Path) -> None:
    for name in ("reconstruction", "latent"):
        for ending in (".npz", ".png", ".html"):
            save(plain[0], name, tmp_path / f"{name}{ending}", sample=2)
    found = RECONSTRUCTION.compute(plain[0], None, 2, None)
    assert np.allclose(found["reconstruction"] - found["input"], found["error"])
    found = LATENT.compute(plain[0], None, 2, None)
    assert found["codes"].shape == (len(found["labels"]), 8)


def test_a_classifier_gives_nothing_again(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("digit_cnn"), "digits28", "supervised")
    with pytest.raises(BuilderError, match="give its input again"):
        look(reconstruction, tmp_path / "run")


def test_batches_do_not_change_the_codes(plain: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    run, x = loaded(plain[0]), parts("digits").test.x
    whole = encoded(run, latent_node(run), x)
    monkeypatch.setattr("builder.probes.autoencoder.codes.BATCH", 7)
    assert np.allclose(encoded(run, latent_node(run), x).codes, whole.codes, atol=1e-5)


def test_an_input_of_ones_own_has_a_code_a_reconstruction_and_its_pca(plain: tuple[Path, Any]) -> None:
    place, model = plain
    own = np.random.default_rng(3).random((8, 8, 1)).astype("float32")
    split = keras.Model(model.inputs, model.get_layer("latent").output)
    assert np.allclose(encode({"run": str(place)}, {"input": own})[1]["code"], split([own[None]])[0], atol=1e-5)
    _, arrays = beside_pca({"run": str(place)}, {"input": own})
    known = PCA(8, svd_solver="full").fit(parts("digits", 1, 0.2).train.x.reshape(-1, 64))
    again = known.inverse_transform(known.transform(own.reshape(1, 64)))
    assert np.allclose(arrays["pca_reconstruction"].reshape(-1), again[0], atol=1e-4)
    assert np.allclose(arrays["reconstruction"], model([own[None]])[0], atol=1e-5)
