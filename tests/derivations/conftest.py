"""What several files of tests of the command line share."""

import numpy as np
import pytest


@pytest.fixture
def call(capsys):
    """Run a command; return exit status, output and error output."""

    def caller(*arguments):
        run = pytest.importorskip("derivations.cli").run
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return caller


@pytest.fixture
def batch(tmp_path):
    np.save(tmp_path / "batch.npy", np.random.default_rng(0).standard_normal((5, 5)))
    return tmp_path / "batch.npy"
