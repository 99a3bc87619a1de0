"""The notebooks: run from a clean kernel, in a folder of their own, without a network; no output is kept."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PACKAGES, ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(notebook: Path, kind: str) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def test_there_are_four() -> None:
    assert [notebook.name[:3] for notebook in NOTEBOOKS] == ["01-", "02-", "03-", "04-"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_no_output_is_kept(notebook: Path) -> None:
    code = cells(notebook, "code")
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []
    assert not any("attachments" in cell for cell in cells(notebook, "markdown"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_it_defines_no_algorithm(notebook: Path) -> None:
    tree = ast.parse("\n".join("".join(cell["source"]) + "\n" for cell in cells(notebook, "code")))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, defined)] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_it_runs_from_a_clean_kernel(
    notebook: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for needed in ("nbclient", "ipykernel", "pandas"):
        pytest.importorskip(needed, reason="the extra notebook is not installed")
    import nbformat
    from nbclient import NotebookClient
    from traitlets.config import Config

    monkeypatch.setenv("PYTHONPATH", str(PACKAGES))
    # Sockets of the file system: a kernel that listens on the loopback interface would not start without a network.
    # Their names begin with the connection file's, and may have a hundred characters.
    connection = tmp_path_factory.mktemp("k") / "k.json"
    sockets = {"transport": "ipc", "connection_file": str(connection)}
    read = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    where = {"metadata": {"path": str(tmp_path)}}
    client = NotebookClient(
        read, config=Config({"AsyncKernelManager": sockets}), kernel_name="python3", timeout=300, resources=where
    )
    done = client.execute()
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.output_type == "stream" and output.name == "stderr"] == []
    assert any("image/png" in output.get("data", {}) for output in outputs)
