"""Telling somebody: a Prefect block by name; that it cannot be told never fails a night."""

import inspect

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.utilities.asyncutils import run_coro_as_sync

from cxnlp.config import Notify


@task(name="notify", cache_policy=NO_CACHE)
def send(block: str, subject: str, body: str) -> None:
    """Send through a notification block (Slack, Teams, e-mail and others, by apprise) that the operator has made."""
    from prefect.blocks.abstract import NotificationBlock
    from prefect.blocks.core import Block

    loaded = Block.load(block)
    if not isinstance(loaded, NotificationBlock):
        raise TypeError(f"block {block} is a {type(loaded).__name__}, not one that notifies")
    with loaded.raise_on_failure():
        sent = loaded.notify(body, subject=subject)  # a coroutine in some blocks, done at once in others
        if inspect.isawaitable(sent):
            run_coro_as_sync(sent)


def tell(notify: Notify | None, subject: str, body: str) -> None:
    """Send where the pipeline names a block; counts and names only, never feedback."""
    if notify is None:
        return
    state: State[None] = send(notify.block, subject, body, return_state=True)
    if state.is_failed():
        get_run_logger().warning("nobody could be told through block %s; the run itself is not touched", notify.block)
