"""Ways to look inside a run: PROBES by name, and OPS, the operations of the probes kernel."""

from pathlib import Path

from . import saving
from .ablation import head_ablation, token_masking
from .attention import ATTENTION, attention
from .brush import brush
from .calibration import CALIBRATION, calibration
from .changing_weights import spread, updates
from .comparing import compare
from .dead import DEAD, dead
from .editing import edited
from .elsewhere import elsewhere
from .exciting import EXCITING, exciting
from .filters import FILTERS, filters
from .gates import GATES, gates
from .gradcam import GRADCAM, gradcam
from .head_parts import head_parts
from .histograms import HISTOGRAMS, histograms
from .inspecting import FEATURE_MAPS, inspect
from .integrated_gradients import INTEGRATED_GRADIENTS, integrated_gradients
from .kept import read_inspection, read_overview, write_inspection, write_overview
from .landscape import LANDSCAPE, landscape
from .latent import LATENT, beside_pca, decode, encode, latent
from .lens import lens
from .lenses import lenses
from .maximise import MAXIMISE, maximise
from .memory import memory
from .occlusion import OCCLUSION, occlusion
from .overview import layer, overview, self_check
from .photographing import photograph
from .pictured import pictured
from .plane import plane
from .positions import positions
from .previewing import kept_preview, preview
from .ranges import ranges
from .reconstruction import RECONSTRUCTION, errors, reconstruction
from .record import Probe
from .saliency import SALIENCY, saliency
from .testing import test
from .through_time import through_time, vanishing
from .unfolded import unfolded
from .weighing import weights_seen
from .writing import writing

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
