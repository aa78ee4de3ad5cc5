"""A model folder that is not whole is refused."""

import shutil

import pytest

from cxnlp.errors import ModelError
from cxnlp.label.labeler import Labeler


@pytest.fixture
def copy(model_folder, tmp_path):
    return shutil.copytree(model_folder, tmp_path / "model")


def test_refuses_a_folder_without_config(tmp_path):
    with pytest.raises(ModelError, match=r"no config.yaml there; a model folder such as models/default is wanted"):
        Labeler.load(tmp_path)


@pytest.mark.parametrize("name", ["encoder.onnx", "heads.safetensors", "tokenizer.json"])
def test_refuses_a_file_with_one_other_byte(copy, name):
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(ModelError, match=rf"{name}: sha256 is \w+, config.yaml wants"):
        Labeler.load(copy)


def test_refuses_a_missing_file(copy):
    (copy / "heads.safetensors").unlink()
    with pytest.raises(ModelError, match="heads.safetensors is missing; restore the model folder"):
        Labeler.load(copy)


def test_refuses_an_unknown_key_in_the_config(copy):
    with (copy / "config.yaml").open("a") as config:
        config.write("pickle: model.pkl\n")
    with pytest.raises(ModelError, match="pickle: Extra inputs are not permitted"):
        Labeler.load(copy)
