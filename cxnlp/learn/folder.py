"""A trained network as a model folder: export, calibrate on held-out items, write the config."""

import shutil
from dataclasses import asdict
from pathlib import Path

import yaml

from cxnlp.label.labeler import Labeler, Text
from cxnlp.label.model_folder import (
    CONFIG_FILE,
    ENCODER_FILE,
    HEADS_FILE,
    TOKENIZER_FILE,
    HeadCodes,
    ModelConfig,
    ModelThresholds,
    Temperatures,
)
from cxnlp.label.reading import calibrate
from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.calibrate import choose_thresholds, fit_temperatures
from cxnlp.learn.codes import Codes
from cxnlp.learn.export import export_encoder, export_heads, sha256_of
from cxnlp.learn.labels import LabelledItem
from cxnlp.learn.network import JourneyNetwork

SAMPLES = 200  # held-out texts that the channels of the encoder are seen on


def write_model_folder(
    network: JourneyNetwork,
    codes: Codes,
    tokenizer_file: Path,
    held: list[LabelledItem],
    folder: Path,
    model_id: str,
    window_tokens: int,
    wrong_cost: float,
) -> ModelConfig:
    """Write encoder, tokenizer, heads and config.

    :param held: items that the network never saw; temperatures and thresholds come from them.
    :param wrong_cost: what a wrong answer costs, in abstentions.
    """
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(tokenizer_file, folder / TOKENIZER_FILE)
    tokenizer = TextTokenizer.load(tokenizer_file)
    samples = [
        [*tokenizer.prefix(item.source_kind), *tokens.ids[:window_tokens], *tokenizer.suffix]
        for item, tokens in zip(held, tokenizer.tokenize([item.text for item in held[:SAMPLES]]), strict=False)
    ]
    plain = ModelConfig(
        model_id=model_id,
        format=1,
        window_tokens=window_tokens,
        codes=HeadCodes(**asdict(codes)),
        temperatures=Temperatures(**dict.fromkeys(Temperatures.model_fields, 1.0)),
        thresholds=ModelThresholds(**dict.fromkeys(ModelThresholds.model_fields, 0.5)),
        sha256={
            ENCODER_FILE: export_encoder(network.encoder, folder / ENCODER_FILE, samples),
            TOKENIZER_FILE: sha256_of(folder / TOKENIZER_FILE),
            HEADS_FILE: export_heads(network.heads, folder / HEADS_FILE),
        },
    )
    _write_config(plain, folder)
    spoken = [item for item in held if item.text.strip()]
    logits = Labeler.load(folder).logits([Text(item.text, item.source_kind) for item in spoken])
    warm = plain.model_copy(update={"temperatures": fit_temperatures(logits, spoken, plain.codes)})
    thresholds = choose_thresholds(calibrate(logits, warm), spoken, plain.codes, wrong_cost)
    config = warm.model_copy(update={"thresholds": thresholds})
    _write_config(config, folder)
    return config


def _write_config(config: ModelConfig, folder: Path) -> None:
    text = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, default_flow_style=None, width=110)
    (folder / CONFIG_FILE).write_text(text, encoding="utf-8")
