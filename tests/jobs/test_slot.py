"""A worker's name is its own while it lives, and its own again afterwards."""

from pathlib import Path

from ivr.jobs.slot import claim_slot
from ivr.settings import Settings


def settings(folder: Path) -> Settings:
    return Settings.load(hotline_data_dir=folder, hotline_simulator=True)


def test_two_living_workers_never_share_a_name(tmp_path: Path) -> None:
    """The second takes the next slot."""
    with claim_slot(settings(tmp_path)) as first, claim_slot(settings(tmp_path)) as second:
        assert first != second


def test_a_worker_that_is_started_again_has_its_old_name(tmp_path: Path) -> None:
    """So it finds the jobs it had begun."""
    with claim_slot(settings(tmp_path)) as before:
        pass
    with claim_slot(settings(tmp_path)) as after:
        assert before == after


def test_two_folders_are_two_workers(tmp_path: Path) -> None:
    """Two installations on one machine may share a database."""
    with claim_slot(settings(tmp_path / "a")) as one, claim_slot(settings(tmp_path / "b")) as other:
        assert one != other
