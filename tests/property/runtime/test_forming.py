"""Laws of forming batches: nothing lost, nothing twice, nothing out of turn, whatever the fetches looked like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.batching.forming import Cut, Forming, FormingRules

RULES = FormingRules(max_records=7, linger_seconds=0.0)


@dataclass(frozen=True)
class At:
    """A record that is nothing but its offset."""

    offset: int


@st.composite
def logs(draw: st.DrawFn) -> list[At]:
    """A log of up to 60 records with gaps, as compaction and transaction markers leave them."""
    steps = draw(st.lists(st.sampled_from([1, 1, 1, 2, 5]), min_size=1, max_size=60))
    offset = draw(st.integers(0, 10))
    return [At(offset := offset + step) for step in steps]


@st.composite
def fetches(draw: st.DrawFn, log: list[At]) -> list[list[At]]:
    """The log in pieces of any size."""
    sizes = draw(st.lists(st.integers(1, 12), min_size=len(log), max_size=len(log)))
    return list(_pieces(log, sizes))


def _pieces(log: list[At], sizes: Iterable[int]) -> Iterator[list[At]]:
    for size in sizes:
        if log:
            yield log[:size]
            log = log[size:]


def _drain(forming: Forming, pieces: Iterable[list[At]], *, is_complete: bool = True) -> list[list[int]]:
    """The batches, as offsets, that come when each piece is added and every batch completed at once."""
    batches = []
    for piece in pieces:
        forming.add(piece)
        while (batch := forming.take(now=0.0)) is not None:
            batches.append([record.offset for record in batch])
            if is_complete:
                forming.complete()
    return batches


@given(st.data())
def test_batches_laid_end_to_end_are_the_log(data: st.DataObject) -> None:
    """Every record is delivered once, in order, in batches no larger than the rules say."""
    log = data.draw(logs())
    batches = _drain(Forming(RULES), data.draw(fetches(log)))
    assert [offset for batch in batches for offset in batch] == [record.offset for record in log]
    assert all(len(batch) <= RULES.max_records for batch in batches)


@given(st.data())
def test_a_cut_is_formed_again_whatever_the_fetches(data: st.DataObject) -> None:
    """Batches announced by an earlier writer come out the same, though the records arrive in other pieces."""
    log = data.draw(logs())
    earlier = _drain(Forming(RULES), data.draw(fetches(log)))
    cuts = [Cut(batch[0], batch[-1]) for batch in earlier]
    later = _drain(Forming(RULES, data.draw(st.permutations(cuts))), data.draw(fetches(log)))
    assert later == earlier


@given(st.data())
def test_the_offset_to_commit_is_one_past_what_was_completed(data: st.DataObject) -> None:
    """A commit never covers a record that is out or was not delivered."""
    log = data.draw(logs())
    forming = Forming(RULES)
    for piece in data.draw(fetches(log)):
        forming.add(piece)
        done = forming.completed_to
        batch = forming.take(now=0.0)
        assert forming.completed_to == done
        if batch is not None and data.draw(st.booleans()):
            forming.complete()
            assert forming.completed_to == batch[-1].offset + 1


@given(st.data())
def test_one_batch_is_out_at_a_time(data: st.DataObject) -> None:
    """While a batch is not completed its partition delivers nothing, however much is fetched."""
    log = data.draw(logs())
    batches = _drain(Forming(RULES), data.draw(fetches(log)), is_complete=False)
    assert len(batches) == 1
