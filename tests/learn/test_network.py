"""The heads in numpy answer what the heads in torch answer."""

from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from cxnlp.label.encoder import OnnxEncoder
from cxnlp.label.heads import Heads, Logits
from cxnlp.label.model_folder import HeadCodes
from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.codes import codes_of
from cxnlp.learn.export import export_encoder, export_heads
from cxnlp.learn.network import JourneyHeads
from cxnlp.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
WIDTH = 48


@pytest.fixture(scope="module")
def codes():
    return codes_of(load_taxonomy(ROOT / "pipelines" / "taxonomy.yaml"))


def test_numpy_heads_give_the_logits_of_the_torch_heads(codes, tmp_path):
    torch.manual_seed(0)
    torch_heads = JourneyHeads(codes, WIDTH, dropout=0.1).eval()
    states = torch.randn(2, 7, WIDTH)
    with torch.no_grad():
        answers = torch_heads(states, torch.ones(2, 7, dtype=torch.bool))
        pointer = torch_heads.pointers(answers, torch.tensor([1]), torch.tensor([3]))[0]
    export_heads(torch_heads, tmp_path / "heads.safetensors")
    heads = Heads.load(tmp_path / "heads.safetensors", HeadCodes(**asdict(codes)))
    pooled, means = zip(*(heads.pool(one) for one in states.numpy()), strict=True)
    logits = heads.answer(np.stack(pooled), np.stack(means))
    for field in fields(Logits):
        assert getattr(logits, field.name) == pytest.approx(getattr(answers, field.name).numpy(), abs=1e-5)
    assert heads.point(states[1].numpy(), logits.found[1, 3]) == pytest.approx(pointer.numpy(), abs=1e-5)


def test_the_int8_graph_is_near_the_encoder_it_was_made_from(tmp_path):
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522, hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96
    )
    encoder = BertModel(config, add_pooling_layer=False).eval()
    export_encoder(encoder, tmp_path / "encoder.onnx", [[101, 1996, 11059, 102]])
    tokenizer = TextTokenizer.load(ROOT / "models" / "default" / "tokenizer.json")
    tokens = tokenizer.tokenize(["the parcel never came and nobody rang back"])[0]
    found = OnnxEncoder.load(tmp_path / "encoder.onnx", tokenizer, 64).encode(tokens, "ticket")
    ids = [*tokenizer.prefix("ticket"), *tokens.ids, *tokenizer.suffix]
    with torch.no_grad():
        wanted = encoder(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy()
    cosine = (found.states * wanted).sum(1) / np.linalg.norm(found.states, axis=1) / np.linalg.norm(wanted, axis=1)
    assert found.shift == 3
    assert cosine.min() > 0.995


def test_windows_of_a_long_text_give_every_token_one_state(tmp_path):
    config = BertConfig(
        vocab_size=30522, hidden_size=WIDTH, num_hidden_layers=1, num_attention_heads=4, intermediate_size=96
    )
    export_encoder(BertModel(config, add_pooling_layer=False).eval(), tmp_path / "encoder.onnx", [[101, 102]])
    tokenizer = TextTokenizer.load(ROOT / "models" / "default" / "tokenizer.json")
    encoder = OnnxEncoder.load(tmp_path / "encoder.onnx", tokenizer, 64)
    for n_words in (1, 31, 63, 64, 65, 96, 97, 300):
        tokens = tokenizer.tokenize(["late " * n_words])[0]
        assert len(encoder.encode(tokens, None).states) == n_words + 2
