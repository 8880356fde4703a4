"""What would be played: a network of a project with the settings that Train proposes."""

from builder.network import Network
from builder.runs import Settings
from builder.runs.defaults import chosen
from builder.store import Project, default_store

from .answers import Refused, or_404
from .edits import NO_NETWORK


def asked_network(project: Project, name: object) -> tuple[Network, Settings]:
    """A network of a project, and what it would be trained with, as on Train."""
    if name not in project.networks:
        raise Refused(404, NO_NETWORK)
    work = or_404(lambda: default_store().work(project.id, str(name)), NO_NETWORK)
    return work.network, chosen(project.choices.get("training", {}), work.network)
