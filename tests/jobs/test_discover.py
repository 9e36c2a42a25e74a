"""A job is found by its file."""

from ivr.jobs import discover


def test_every_job_is_known_by_its_files_name() -> None:
    """What webhooks enqueue by name, and what is done without being asked."""
    jobs = {job.name: job.every_s for job in discover()}
    assert jobs["fetch_recording"] is None
    assert {"drain_spool": 10, "sweep": 60, "take_over": 30, "forget_done": 3600}.items() <= jobs.items()
    assert "worker" not in jobs
