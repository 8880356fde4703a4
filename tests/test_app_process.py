"""The app's process, every page drawn, has loaded neither Keras nor TensorFlow nor scikit-learn."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

DRAW_EVERY_PAGE = """
import json, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest

root = Path.cwd()
sys.path.insert(0, str(root))
import builder.web
app = AppTest.from_file(str(root / "app.py"), default_timeout=60).run()
problems = [error.value for error in app.exception]
for page in sorted((root / "pages").glob("[0-9]_*.py")):
    app.switch_page(f"pages/{page.name}").run()
    problems += [error.value for error in app.exception]
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"keras", "tensorflow", "sklearn", "h5py"})
print("RESULT" + json.dumps({"heavy": heavy, "problems": problems}))
"""


def test_every_page_is_drawn_without_loading_keras_tensorflow_or_scikit_learn(home: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", DRAW_EVERY_PAGE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        env=os.environ | {"BUILDER_HOME": str(home), "BUILDER_LINGER": "1"},
    )
    assert "RESULT" in process.stdout, process.stderr[-2000:]
    assert json.loads(process.stdout.split("RESULT")[1]) == {"heavy": [], "problems": []}
