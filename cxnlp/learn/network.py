"""The network in torch: one encoder pass and, for every touchpoint and domain, a query that looks for its own words.

A mention is one touchpoint talked about, so the mentions are found by touchpoint and not by clause: each code pools
the token states with its own attention (label-wise attention: Mullenbach et al., 2018, NAACL) and asks of what it
found whether it is there, at which stage, with what sentiment, and where the quote starts and ends. A breakdown domain
does the same, so the evidence belongs to the domain that it is evidence for. `cxnlp/label/heads.py` is the same
arithmetic in numpy.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import BertModel

from cxnlp.learn.codes import Codes

SENTIMENT_COUNT = 5
POINTER_WIDTH = 128
OTHER_QUERIES = 3  # demand, sentiment, and the item as a whole


@dataclass(frozen=True)
class Answers:
    """Logits for a batch of b items, t touchpoints, d told domains and n tokens."""

    states: Tensor  # (b, n, width)
    found: Tensor  # (b, t + d + 3, width): what each query found
    first: Tensor  # (b, t + 1): which touchpoint is mentioned first; the last is "no mention"
    presence: Tensor  # (b, t)
    stage: Tensor  # (b, t, stages)
    mention_sentiment: Tensor  # (b, t, 5)
    sentiment: Tensor  # (b, 5)
    demand: Tensor  # (b, demands)
    domain: Tensor  # (b, d + 1); the last is none
    cause: Tensor  # (b, causes), to be read within a domain


class JourneyHeads(nn.Module):
    """All heads; every parameter is a plain tensor that is exported under its own name."""

    cause_domains: Tensor

    def __init__(self, codes: Codes, width: int, dropout: float) -> None:
        super().__init__()
        self.n_touchpoints, self.n_told = len(codes.touchpoints), len(codes.domains) - 1
        n_queries = self.n_touchpoints + self.n_told + OTHER_QUERIES
        self.queries = nn.Parameter(torch.randn(n_queries, width) * 0.02)
        self.found_layer = nn.Linear(width, width)
        self.item_layer = nn.Linear(width, width)
        self.query_bias = nn.Parameter(torch.zeros(n_queries, width))
        self.norm = nn.LayerNorm(width)
        self.first_own = nn.Parameter(torch.randn(self.n_touchpoints, width) * 0.02)
        self.first_item = nn.Linear(width, self.n_touchpoints + 1)
        self.presence_own = nn.Parameter(torch.randn(self.n_touchpoints, width) * 0.02)
        self.presence_item = nn.Linear(width, self.n_touchpoints)
        self.stage_layer = nn.Linear(width, len(codes.stages))
        self.stage_bias = nn.Parameter(torch.zeros(self.n_touchpoints, len(codes.stages)))
        self.mention_sentiment_layer = nn.Linear(width, SENTIMENT_COUNT)
        self.domain_own = nn.Parameter(torch.randn(self.n_told, width) * 0.02)
        self.domain_item = nn.Linear(width, self.n_told + 1)
        self.cause_own = nn.Parameter(torch.randn(len(codes.causes), width) * 0.02)
        self.cause_item = nn.Linear(width, len(codes.causes))
        self.demand_layer = nn.Linear(width, len(codes.demands))
        self.sentiment_layer = nn.Linear(width, SENTIMENT_COUNT)
        self.token_pointer = nn.Linear(width, 2 * POINTER_WIDTH)
        self.found_pointer = nn.Linear(width, 2 * POINTER_WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("cause_domains", torch.tensor(codes.cause_domains), persistent=False)

    def forward(self, states: Tensor, mask: Tensor) -> Answers:
        """Answers from token states (b, n, width) and their mask (b, n), True at real tokens."""
        scores = (states @ self.queries.T).masked_fill(~mask[:, :, None], -1e4)  # (b, n, q)
        pooled = scores.softmax(dim=1).transpose(1, 2) @ states  # (b, q, width)
        item = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)  # (b, width)
        mixed = self.found_layer(pooled) + self.item_layer(item)[:, None, :] + self.query_bias
        found = self.dropout(self.norm(nn.functional.gelu(mixed)))  # (b, q, width)
        touched, told, rest = found.split([self.n_touchpoints, self.n_told, OTHER_QUERIES], dim=1)
        demand, sentiment, whole = rest.unbind(dim=1)
        first = self.first_item(whole)
        first = torch.cat([first[:, :-1] + (touched * self.first_own).sum(-1), first[:, -1:]], dim=1)
        domain = self.domain_item(whole)
        domain = torch.cat([domain[:, :-1] + (told * self.domain_own).sum(-1), domain[:, -1:]], dim=1)
        return Answers(
            states=states,
            found=found,
            first=first,
            presence=self.presence_item(whole) + (touched * self.presence_own).sum(-1),
            stage=self.stage_layer(touched) + self.stage_bias,
            mention_sentiment=self.mention_sentiment_layer(touched),
            sentiment=self.sentiment_layer(sentiment),
            demand=self.demand_layer(demand),
            domain=domain,
            cause=self.cause_item(whole) + (told[:, self.cause_domains] * self.cause_own).sum(-1),
        )

    def pointers(self, answers: Answers, rows: Tensor, queries: Tensor) -> Tensor:
        """Start and end logits (k, 2, n) of the quotes of k (item, query) pairs."""
        tokens = self.token_pointer(answers.states[rows]).unflatten(-1, (2, POINTER_WIDTH))  # (k, n, 2, p)
        wanted = self.found_pointer(answers.found[rows, queries]).unflatten(-1, (2, POINTER_WIDTH))  # (k, 2, p)
        return torch.einsum("knsp,ksp->ksn", tokens, wanted) / POINTER_WIDTH**0.5


class JourneyNetwork(nn.Module):
    """Encoder and heads. The encoder runs in bfloat16 under autocast, the heads in float32."""

    encoder: BertModel
    heads: JourneyHeads

    def __init__(self, encoder: BertModel, codes: Codes, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = JourneyHeads(codes, encoder.config.hidden_size, dropout)

    def forward(self, ids: Tensor, mask: Tensor) -> Answers:
        """Answers for padded ids (b, n) and their mask (b, n), True at real tokens."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.encoder(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        return self.heads(states.float(), mask)
