"""Jupyter notebook (nbformat) of a network: its title, imports, layers and summary."""

import nbformat
from nbformat import v4

from builder.network import Network
from builder.network.names import plain

from .keras_program import body, imports


def notebook(network: Network) -> str:
    """The notebook as JSON text; the same network gives the same text.

    Raises:
        BuilderError: at a layer that cannot be written as code yet.
    """
    name = plain(network.name)
    cells = [
        v4.new_markdown_cell(f"# {name}\n\nA network of {len(network.nodes)} layers. It needs `pip install keras tensorflow`."),
        v4.new_code_cell(imports(network).rstrip()),
        v4.new_code_cell(body(network).rstrip()),
        v4.new_code_cell("model.summary()"),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # otherwise random
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return str(nbformat.writes(made))
