"""What issuing needs of a running Stepwell: that the worker has completed the stack by what is recorded now."""

from __future__ import annotations

from services.core.issuing import Completed
from services.offline.inputs import InputRefused, read
from services.runtime.errors import Rejected
from services.runtime.where import Where


def completed_here(worker: str, stack: str, where: Where) -> Completed:
    """The worker's completed stack, judged now by all that is recorded and the catalogs in force.

    Raises: Rejected when the stack is unknown or not complete.
    """
    try:
        reading = read(None, None, stack=[stack], worker=[worker], where=where)
        ((worker_id, evaluation),) = reading.asked.evaluations()
        return Completed.of(worker_id, evaluation, reading.asked.catalog)
    except (InputRefused, ValueError) as error:
        raise Rejected.because("not_issued", str(error)) from error
