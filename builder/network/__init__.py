"""A graph of layers: its records, edits, order, layout and files. Nothing heavy is imported here.

records.py    Network, Node, Edge             analysis.py   what Keras says of a network
edits.py      edits as pure functions         kinds.py      edits as records
edit_json.py  edits as JSON values            wires.py      the steps edits are made of
graph.py      order, reachability             names.py      names of nodes and layers
validity.py   what every network must be      layering.py   where every layer stands
branches.py   layers beside others          fragments.py  several layers as one
moves.py      layers at another place       files.py      JSON text and back
"""

from builder.network.analysis import Analysis, Fix, LayerReport, Problem, Shape
from builder.network.files import dump, from_json, load
from builder.network.names import fresh_name
from builder.network.records import FORMAT_VERSION, Edge, Network, Node

from .edit_json import apply, label
from .graph import topological_order
from .layering import Layout, layout
from .validity import check

__all__ = [
    "FORMAT_VERSION",
    "Analysis",
    "Edge",
    "Fix",
    "LayerReport",
    "Layout",
    "Network",
    "Node",
    "Problem",
    "Shape",
    "apply",
    "check",
    "dump",
    "fresh_name",
    "from_json",
    "label",
    "layout",
    "load",
    "topological_order",
]
