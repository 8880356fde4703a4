"""Attribution: what in an input speaks for a class, by several methods (saliency, Grad-CAM, integrated gradients, occlusion), and what a unit responds to."""

from . import gradcam, integrated_gradients, maximise, occlusion, saliency, top_samples

MODULES = (gradcam, integrated_gradients, saliency, occlusion, maximise, top_samples)
