"""How a program and a notebook read."""

import ast

import pytest

from builder import code, zoo
from builder.code.names import TAKEN, variables


def test_a_chain_is_written_as_a_person_writes_it() -> None:
    assert code.program(zoo.network("first_model")).splitlines()[5:] == [
        "inputs = keras.Input(shape=(2,), name='input')",
        "x = layers.Dense(units=3, activation='relu', name='hidden')(inputs)",
        "output = layers.Dense(units=1, activation='sigmoid', name='output')(x)",
        "",
        "model = keras.Model(inputs, output, name='first_model')",
        "",
        'if __name__ == "__main__":',
        "    model.summary()",
    ]


def test_variables_are_all_different_and_mean_nothing_else() -> None:
    names = ["a.b", "a-b", "a_b", "3d", "input", "inputs", "import", "match", "print", "x", "layers", "model", "é", "..."]
    found = variables(names)
    assert len(set(found.values())) == len(names)
    assert all(variable.isidentifier() and variable.isascii() and variable not in TAKEN for variable in found.values())


@pytest.mark.parametrize("name", zoo.ZOO)
def test_a_notebook_holds_the_same_program(name: str) -> None:
    import nbformat

    text = code.notebook(zoo.network(name))
    made = nbformat.reads(text, as_version=4)
    nbformat.validate(made)
    cells = [cell.source for cell in made.cells if cell.cell_type == "code"]
    program = ast.parse(code.program(zoo.network(name)))
    assert ast.dump(ast.Module(program.body[1:-1], [])) == ast.dump(ast.Module(ast.parse("\n".join(cells)).body[:-1], []))
    assert code.notebook(zoo.network(name)) == text
