"""Ways to look inside a run: PROBES by name, and OPS, the operations of the probes kernel."""

from pathlib import Path

from builder.probes.attention.ablation import head_ablation, token_masking
from builder.probes.attention.attention import ATTENTION, attention
from builder.probes.attention.head_parts import head_parts
from builder.probes.attention.positions import positions
from builder.probes.attention.unfolded import unfolded
from builder.probes.attention.writing import writing
from builder.probes.attribution.gradcam import GRADCAM, gradcam
from builder.probes.attribution.integrated_gradients import INTEGRATED_GRADIENTS, integrated_gradients
from builder.probes.attribution.maximise import MAXIMISE, maximise
from builder.probes.attribution.occlusion import OCCLUSION, occlusion
from builder.probes.attribution.saliency import SALIENCY, saliency
from builder.probes.attribution.top_samples import EXCITING, exciting
from builder.probes.autoencoder.latent import LATENT, beside_pca, decode, encode, latent
from builder.probes.autoencoder.reconstruction import RECONSTRUCTION, errors, reconstruction
from builder.probes.compare.comparing import compare
from builder.probes.convolution.photographing import photograph
from builder.probes.input.previewing import kept_preview, preview
from builder.probes.input.ranges import ranges
from builder.probes.layers.filters import FILTERS, filters
from builder.probes.layers.inspecting import FEATURE_MAPS, inspect
from builder.probes.layers.lens import lens
from builder.probes.layers.lenses import lenses
from builder.probes.layers.overview import layer, overview, self_check
from builder.probes.layers.shipped_answers import read_inspection, read_overview, write_inspection, write_overview
from builder.probes.model.testing import test
from builder.probes.neurons.plane import plane
from builder.probes.neurons.weights import weights_seen
from builder.probes.neurons.what_if import edited
from builder.probes.recurrent.brush import brush
from builder.probes.recurrent.gates import GATES, gates
from builder.probes.recurrent.lookback import memory
from builder.probes.recurrent.through_time import through_time, vanishing
from builder.probes.recurrent.top_stretches import elsewhere
from builder.probes.training.calibration import CALIBRATION, calibration
from builder.probes.training.changing_weights import spread, updates
from builder.probes.training.dead import DEAD, dead
from builder.probes.training.histograms import HISTOGRAMS, histograms
from builder.probes.training.landscape import LANDSCAPE, landscape
from builder.training.pictures.check import pictured

from . import saving
from .record import Probe

PROBES: dict[str, Probe] = {
    probe.name: probe
    for probe in (
        FEATURE_MAPS,
        FILTERS,
        GRADCAM,
        INTEGRATED_GRADIENTS,
        *SALIENCY,
        OCCLUSION,
        MAXIMISE,
        EXCITING,
        HISTOGRAMS,
        DEAD,
        CALIBRATION,
        LANDSCAPE,
        ATTENTION,
        GATES,
        RECONSTRUCTION,
        LATENT,
    )
}
OPS = {
    "inspect": inspect,
    "overview": overview,
    "layer": layer,
    "self_check": self_check,
    "filters": filters,
    "photograph": photograph,
    "preview": preview,
    "test": test,
    "gradcam": gradcam,
    "integrated_gradients": integrated_gradients,
    "saliency": saliency,
    "occlusion": occlusion,
    "maximise": maximise,
    "exciting": exciting,
    "histograms": histograms,
    "compare": compare,
    "lens": lens,
    "lenses": lenses,
    "dead": dead,
    "spread": spread,
    "updates": updates,
    "calibration": calibration,
    "landscape": landscape,
    "attention": attention,
    "head_ablation": head_ablation,
    "head_parts": head_parts,
    "pictured": pictured,
    "positions": positions,
    "ranges": ranges,
    "token_masking": token_masking,
    "unfolded": unfolded,
    "writing": writing,
    "gates": gates,
    "memory": memory,
    "through_time": through_time,
    "vanishing": vanishing,
    "brush": brush,
    "elsewhere": elsewhere,
    "reconstruction": reconstruction,
    "errors": errors,
    "plane": plane,
    "weights_seen": weights_seen,
    "edited": edited,
    "latent": latent,
    "decode": decode,
    "encode": encode,
    "beside_pca": beside_pca,
}


def save(run_folder: Path, probe: str, out: Path, *, layer: str | None = None, sample: int = 0, epoch: int | None = None) -> None:
    """Compute a probe of a run and write it as `.npz`, `.png` or `.html`."""
    saving.save(PROBES, run_folder, probe, out, layer, sample, epoch)


__all__ = ["OPS", "PROBES", "Probe", "kept_preview", "read_inspection", "read_overview", "save", "write_inspection", "write_overview"]
