"""The trained encoder as an ONNX graph with int8 weights, and the heads as plain tensors.

The graph is written node by node: one text a run and no batch axis to pad, so that the scale of the activations is
the text's own and its answer does not depend on its neighbours. Weights are int8 per output channel, symmetric; word
vectors are int8 per word. A few channels are far larger than the others and would take the scale for themselves: each
channel is divided by a factor that its weights are multiplied by (SmoothQuant: Xiao et al., 2023, ICML). The fused
operators are those of ONNX Runtime (domain com.microsoft).
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from cxnlp.learn.network import JourneyHeads

OPSET, CONTRIB = 18, "com.microsoft"
MEAN, LEAST = "mean", "least"  # a column of 1/width; the smallest variance of a layer norm
EVENING = 0.6  # cosine to the float encoder: 0.990 without, 0.9967 at 0.4, 0.9973 at 0.6


class GraphWriter:
    """Collects nodes and weights of one graph; every method returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, values: np.ndarray) -> str:
        """Keep `values` in the graph under `name`."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: int | float) -> str:
        """Add one operator with one result."""
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))  # type: ignore[arg-type]
        return output

    def linear(self, name: str, inputs: str, weight: np.ndarray, bias: np.ndarray, largest: np.ndarray) -> str:
        """`inputs` times int8 `weight` (in, out) plus `bias`, activations quantised once for the whole text.

        :param largest: (in,) largest size that each input channel was seen to have.
        """
        factor = (np.maximum(largest, 1e-5) / np.median(largest)) ** EVENING
        even = self.weight(f"{name}.even", (1 / factor).astype(np.float32))
        inputs, weight = self.node("Mul", [inputs, even], f"{name}.evened"), weight * factor[:, None]
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / 127
        whole = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        names = [
            inputs,
            self.weight(f"{name}.weight", whole),
            self.weight(f"{name}.scale", scale.astype(np.float32)),
            self.weight(f"{name}.zero", np.zeros(weight.shape[1], np.int8)),
            self.weight(f"{name}.bias", bias.astype(np.float32)),
        ]
        return self.node("DynamicQuantizeMatMul", names, f"{name}.out", CONTRIB)

    def add_and_norm(self, name: str, inputs: str, skip: str, gamma: np.ndarray, beta: np.ndarray) -> str:
        """Layer norm of the sum of two inputs.

        Written out, with means as products with a column of 1/width: the runtime's own operator takes nearly three
        times as long for one text.
        """

        def step(operator: str, *inputs: str) -> str:
            return self.node(operator, list(inputs), f"{name}.step{len(self.nodes)}")

        total = step("Add", inputs, skip)
        centred = step("Sub", total, step("MatMul", total, MEAN))
        spread = step("Sqrt", step("Add", step("MatMul", step("Mul", centred, centred), MEAN), LEAST))
        scaled = step("Mul", step("Div", centred, spread), self.weight(f"{name}.gamma", gamma))
        return self.node("Add", [scaled, self.weight(f"{name}.beta", beta)], f"{name}.out")


def export_encoder(encoder: BertModel, path: Path, samples: list[list[int]]) -> str:
    """Write `encoder` as int8 ONNX: input `ids` (1, n), output `states` (1, n, width).

    :param samples: ids of some texts, to see how large each channel gets.
    :returns: sha256 of the file.
    """
    tensors = {name: values.detach().float().numpy() for name, values in encoder.state_dict().items()}
    config, graph, largest = encoder.config, GraphWriter(), largest_inputs(encoder, samples)
    graph.weight(MEAN, np.full((config.hidden_size, 1), 1 / config.hidden_size, np.float32))
    graph.weight(LEAST, np.array(config.layer_norm_eps, np.float32))
    states = _embed(graph, tensors)
    for number in range(config.num_hidden_layers):
        states = _layer(graph, tensors, f"encoder.layer.{number}", states, config, largest)
    graph.node("Identity", [states], "states")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "n"])],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "n", config.hidden_size])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
        ir_version=9,
    )
    path.write_bytes(model.SerializeToString())
    return sha256_of(path)


def export_heads(heads: JourneyHeads, path: Path) -> str:
    """Write every parameter of the heads under its own name.

    :returns: sha256 of the file.
    """
    tensors = {name: values.detach().float().numpy() for name, values in heads.state_dict().items()}
    path.write_bytes(save({name: np.ascontiguousarray(values) for name, values in tensors.items()}))
    return sha256_of(path)


def largest_inputs(encoder: BertModel, samples: list[list[int]]) -> dict[str, np.ndarray]:
    """Largest size of each input channel of each linear layer, by the layer's name, over some texts."""
    largest: dict[str, Tensor] = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            size = inputs[0].detach().abs().flatten(0, -2).amax(dim=0)
            largest[name] = torch.maximum(largest.get(name, size), size)

        return note

    linear = [(name, module) for name, module in encoder.named_modules() if isinstance(module, nn.Linear)]
    hooks = [module.register_forward_pre_hook(watch(name)) for name, module in linear]
    with torch.no_grad():
        for ids in samples:
            encoder(input_ids=torch.tensor([ids]))
    for hook in hooks:
        hook.remove()
    return {name: size.float().numpy() for name, size in largest.items()}


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _embed(graph: GraphWriter, tensors: dict[str, np.ndarray]) -> str:
    """Word vectors by int8 rows, plus places, normed."""
    words = tensors["embeddings.word_embeddings.weight"]
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-8) / 127
    graph.weight("words.whole", np.clip(np.rint(words / scale), -127, 127).astype(np.int8))
    graph.weight("words.scale", scale.astype(np.float32))
    graph.node("Gather", ["words.whole", "ids"], "words.found")
    graph.node("Cast", ["words.found"], "words.float", to=TensorProto.FLOAT)
    graph.node("Gather", ["words.scale", "ids"], "words.found_scale")
    graph.node("Mul", ["words.float", "words.found_scale"], "words.out")
    places = tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
    graph.weight("places", places[None].astype(np.float32))
    graph.weight("zero", np.array([0], np.int64))
    graph.weight("axis", np.array([1], np.int64))
    graph.node("Shape", ["ids"], "length", start=1, end=2)
    graph.node("Slice", ["places", "zero", "length", "axis"], "places.out")
    norm = "embeddings.LayerNorm"
    return graph.add_and_norm(norm, "words.out", "places.out", *_norm(tensors, norm))


def _layer(
    graph: GraphWriter,
    tensors: dict[str, np.ndarray],
    name: str,
    states: str,
    config: BertConfig,
    largest: dict[str, np.ndarray],
) -> str:
    """One transformer layer (Devlin et al., 2019): attention, then two linear maps, each added and normed."""
    own, inner, outer = f"{name}.attention.self", f"{name}.intermediate.dense", f"{name}.output.dense"
    kinds = ("query", "key", "value")
    weight = np.concatenate([tensors[f"{own}.{kind}.weight"].T for kind in kinds], axis=1)
    bias = np.concatenate([tensors[f"{own}.{kind}.bias"] for kind in kinds])
    joined = graph.linear(own, states, weight, bias, largest[f"{own}.query"])
    parts = [f"{own}.{kind}" for kind in kinds]
    graph.nodes.append(helper.make_node("Split", [joined], parts, axis=2, num_outputs=3))
    context = graph.node("MultiHeadAttention", parts, f"{own}.context", CONTRIB, num_heads=config.num_attention_heads)
    out = f"{name}.attention.output"
    mixed = graph.linear(f"{out}.dense", context, *_linear(tensors, f"{out}.dense"), largest[f"{out}.dense"])
    states = graph.add_and_norm(f"{out}.LayerNorm", mixed, states, *_norm(tensors, f"{out}.LayerNorm"))
    wide = graph.linear(f"{name}.wide", states, *_linear(tensors, inner), largest[inner])
    bent = graph.node("Gelu", [wide], f"{name}.bent", CONTRIB)
    narrow = graph.linear(f"{name}.narrow", bent, *_linear(tensors, outer), largest[outer])
    return graph.add_and_norm(f"{name}.norm", narrow, states, *_norm(tensors, f"{name}.output.LayerNorm"))


def _linear(tensors: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    return tensors[f"{name}.weight"].T, tensors[f"{name}.bias"]


def _norm(tensors: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    return tensors[f"{name}.weight"].astype(np.float32), tensors[f"{name}.bias"].astype(np.float32)
