"""The list of errors stays small whatever happens, and counts everything."""

from hypothesis import given
from hypothesis import strategies as st

from jobs.models import Job
from jobs.services.errors import MAX_ENTRIES, note_error


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=300))
def test_every_error_is_counted_and_the_list_is_bounded(happened):
    job = Job()

    for code, subject in happened:
        note_error(job, f"code_{code}", "Detail.", f"product:{subject}")

    assert job.error_count == len(happened)
    assert sum(entry["count"] for entry in job.errors) == len(happened)
    assert len(job.errors) <= MAX_ENTRIES + 1


def test_the_same_error_about_the_same_thing_is_one_entry():
    job = Job()
    for _ in range(3):
        note_error(job, "blocked", "x" * 1000, "small/page")

    (entry,) = job.errors
    assert (entry["count"], len(entry["detail"])) == (3, 300)


def test_a_full_list_counts_more_of_a_kind_with_its_kind():
    job = Job()
    for number in range(MAX_ENTRIES + 10):
        note_error(job, "blocked", "Turned away.", f"product:{number}")

    assert len(job.errors) == MAX_ENTRIES
    assert job.errors[-1]["count"] == 11
