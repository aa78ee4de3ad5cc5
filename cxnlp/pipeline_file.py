"""Reading a pipeline file: every fault at once, each with its line and the likeliest remedy."""

from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cxnlp.config import Pipeline
from cxnlp.errors import ConfigError, nearest
from cxnlp.taxonomy import Taxonomy, load_taxonomy

CANNOT_TELL = "cannot_tell"


def load_pipeline(path: Path) -> Pipeline:
    """Read and check one pipeline file and the taxonomy it names.

    :raises ConfigError: naming the file and, for each fault, its line, its key, and what to do.
    """
    node, settings = _read_yaml(path)
    try:
        pipeline = Pipeline.model_validate(settings)
    except ValidationError as error:
        faults = [f"{path}:{_line(node, fault['loc'])}: {_told(fault)}" for fault in _own_faults(error)]
        raise ConfigError("\n".join(faults)) from error
    faults = [f"{path}:{_line(node, loc)}: {told}" for loc, told in _code_faults(pipeline)]
    if faults:
        raise ConfigError("\n".join(faults))
    return pipeline


def _read_yaml(path: Path) -> tuple[yaml.Node, object]:
    """The file's nodes, which know their lines, and its values."""
    try:
        text = path.read_text(encoding="utf-8")
        node, settings = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such pipeline file; `cxnlp init` writes one to start from") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError(f"{path}: a pipeline file is a mapping of keys; see pipelines/sample.yaml")
    return node, settings


def _own_faults(error: ValidationError) -> list[ErrorDetails]:
    """Faults, without those of a whole that only follow from a fault in a part of it."""
    faults = error.errors()
    places = [fault["loc"] for fault in faults]
    return [f for f in faults if not any(p != f["loc"] and p[: len(f["loc"])] == f["loc"] for p in places)]


def _line(node: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """Line of the deepest part of `loc` that the file holds."""
    line = node.start_mark.line + 1
    for step in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(step)]
            if not found:
                break
            line = found[0][0].start_mark.line + 1
            node = found[0][1]
    return line


def _told(fault: ErrorDetails) -> str:
    where = ".".join(map(str, fault["loc"])) or "file"
    if fault["type"] == "extra_forbidden":
        *parent, key = fault["loc"]
        return f"{where}: unknown key; {nearest(str(key), _known_keys(Pipeline, tuple(parent)))}"
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}"


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Keys that the settings model at `loc` has."""
    for step in (s for s in loc if isinstance(s, str)):
        nested = list(_nested_models(model.model_fields[step].annotation)) if step in model.model_fields else []
        if not nested:
            return []
        model = nested[0]
    return list(model.model_fields)


def _nested_models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _nested_models(argument)


def _code_faults(pipeline: Pipeline) -> Iterator[tuple[tuple[str, ...], str]]:
    """Codes in the pipeline file that its taxonomy does not have, and owners that are missing."""
    taxonomy: Taxonomy = load_taxonomy(pipeline.taxonomy)
    known = {*taxonomy.domains, CANNOT_TELL} - {"none"}
    for domain in pipeline.trace.owners:
        if domain not in known:
            yield ("trace", "owners", domain), f"trace.owners: no breakdown domain {domain!r}; {nearest(domain, known)}"
    missing = sorted(known - set(pipeline.trace.owners))
    if missing:
        yield ("trace", "owners"), f"trace.owners: {', '.join(missing)} has no owner"
    for kind, stage in pipeline.event_stages.items():
        if stage not in taxonomy.stages:
            yield ("event_stages", kind), f"event_stages: no stage {stage!r}; {nearest(stage, taxonomy.stages)}"
