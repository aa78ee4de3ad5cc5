"""What a person at a keyboard reads: a user's fault is one line, which the command line prints itself."""

import logging

from cxnlp.errors import CxnlpError

LOGGERS = ("prefect", "prefect.flow_runs", "prefect.task_runs")


class UserFaults(logging.Filter):
    """Keeps Prefect's own account of a user's fault, traceback and all, from the terminal; the run's state names it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is shown."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, CxnlpError) and not record.getMessage().startswith("Finished in state Failed")


def quiet_user_faults() -> None:
    """Let a terminal show users' faults once."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(UserFaults())
