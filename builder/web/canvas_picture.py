"""A network as the canvas draws it: cards with their figures, wires with their routes, totals."""

from collections.abc import Mapping
from typing import Any

from builder import catalogue
from builder.catalogue import settings_text
from builder.network import Analysis, LayerReport, Network, Node, Problem, layout
from builder.store import NetworkState, Project

HEAVY = 0.25  # share of all parameters from which a layer is tinted
BATCH_SIZE = 32  # as long as nothing else is chosen on Train


def picture(project: Project, work: NetworkState, analysis: Analysis, editable: bool) -> dict[str, Any]:
    """Everything the canvas needs, as JSON values; shapes are without the batch axis."""
    network = work.network
    return {
        "project": project.id,
        "network": network.name,
        "revision": work.revision,
        "can_undo": work.can_undo,
        "can_redo": work.can_redo,
        "undo": work.history[work.position - 1] if work.can_undo else "",  # what the next step back takes back
        "redo": work.history[work.position] if work.can_redo else "",
        "editable": editable,
        "pending": analysis.pending,  # ask again
        **cards_and_wires(network, analysis),
        "totals": totals(analysis, project.choices),
        "problems": [problem.model_dump() for problem in analysis.problems],
    }


def cards_and_wires(network: Network, analysis: Analysis) -> dict[str, Any]:
    """`nodes` and `edges`, placed by the layout in columns and rows."""
    placed = layout(network)
    reports = {report.name: report for report in analysis.layers}
    problems = worst_problems(analysis)
    outputs = {node.name for node in network.outputs}
    nodes = []
    for node in network.nodes:
        report = reports.get(node.name) or LayerReport(name=node.name, layer=node.layer)
        x, y = placed.nodes[node.name]
        nodes.append(
            {
                **card(node, report, is_output=node.name in outputs),
                "x": x,
                "y": y,
                "heavy": heaviness(report, analysis),
                "problem": problems[node.name].model_dump() if node.name in problems else None,
            }
        )
    edges = [{**edge.model_dump(), "route": placed.routes.get(index)} for index, edge in enumerate(network.edges)]
    return {"nodes": nodes, "edges": edges}


def card(node: Node, report: LayerReport, *, is_output: bool) -> dict[str, Any]:
    """What one card says of its layer."""
    layer = catalogue.LAYERS.get(node.layer)
    shape = report.output_shape
    return {
        "name": node.name,
        "layer": node.layer,
        "family": layer.family if layer else "block",
        "settings": settings_text(layer, node.params) if layer else "",
        "trainable": node.trainable,
        "shape": None if shape is None else list(shape),
        "axes": [] if shape is None else list(catalogue.axes(node.layer, shape, is_output, node.params)),
        "outputs": further(node, report),
        "params": report.params,
        "macs": report.macs,
    }


def further(node: Node, report: LayerReport) -> list[dict[str, Any]]:
    """Every output port with its shape, where a layer has more than one."""
    ports = catalogue.LAYERS[node.layer].outputs(node.params) if node.layer in catalogue.LAYERS else ()
    shapes = (report.output_shape, *report.further)
    return [{"name": port, "shape": shape} for port, shape in zip(ports, shapes, strict=False)] if len(ports) > 1 else []


def heaviness(report: LayerReport, analysis: Analysis) -> float:
    """The layer's share of all parameters, 0 where it is small or stands alone."""
    share = report.params / analysis.total_params if analysis.total_params else 0.0
    return round(share, 3) if HEAVY <= share < 1 else 0.0


def worst_problems(analysis: Analysis) -> dict[str, Problem]:
    """For each layer with problems the one to show: an error before a warning."""
    worst: dict[str, Problem] = {}
    for problem in analysis.problems:
        if problem.node is not None and (problem.node not in worst or worst[problem.node].severity != "error"):
            worst[problem.node] = problem
    return worst


def totals(analysis: Analysis, choices: Mapping[str, Any]) -> dict[str, int]:
    """The sums below the canvas; `activation_bytes` is for a whole batch of the size chosen on Train."""
    batch_size = int(choices.get("training", {}).get("batch_size") or BATCH_SIZE)
    return {
        "params": analysis.total_params,
        "trainable": analysis.trainable_params,
        "weight_bytes": analysis.weight_bytes,
        "macs": analysis.macs,
        "activation_bytes": analysis.activation_bytes * batch_size,
        "batch_size": batch_size,
    }
