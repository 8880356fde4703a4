"""Autoencoders: reconstructions, their errors, latent codes and principal components."""

from . import latent, reconstruction

MODULES = (reconstruction, latent)
