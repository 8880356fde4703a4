"""Jupyter notebook (nbformat) of a network: its title, imports, layers and summary, and a cell for each section of its training."""

import nbformat
from nbformat import v4

from builder.network import Network
from builder.network.names import plain
from builder.runs.record import Lineage, Settings
from builder.words import format_count

from .script import Ends, script


def notebook(network: Network, settings: Settings | None = None, ends: Ends | None = None, lineage: Lineage | None = None) -> str:
    """The notebook as JSON text; the same network gives the same text.

    Raises:
        BuilderError: at a layer that cannot be written as code yet.
    """
    parts = script(network, settings, ends, lineage)
    _, _, more = parts.head.partition("\n")
    about = more.strip() or "It needs `pip install keras tensorflow`."
    texts = [parts.imports, parts.numbers, parts.layers, parts.network, parts.definitions, "model.summary()"]
    cells = [v4.new_markdown_cell(f"# {plain(network.name)}\n\nA network of {format_count(len(network.nodes), 'layer')}. {about}")]
    cells += [v4.new_code_cell(text) for text in texts if text]
    for section in parts.sections:
        cells += [v4.new_markdown_cell(f"## {section.title}"), v4.new_code_cell(section.text)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # otherwise random
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return str(nbformat.writes(made))
