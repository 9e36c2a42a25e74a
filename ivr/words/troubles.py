"""What keeps calls from being taken or kept, in English: for those who run the line, and for other systems."""

from collections.abc import Iterable, Iterator

from ivr.store.readiness import Trouble

SENTENCES = {
    "database_gone": "The database file is not there. Restore it, or run: flask db upgrade",
    "database_away": "The database does not answer.",
    "database_old": "The database is not up to date. Run: flask db upgrade",
    "database_new": "A later release has upgraded the database. Install and start that one here too.",
    "database_read_only": "The database is read-only: nothing that callers say can be kept in it.",
    "database_busy": "The database is busy. Try again in a minute.",
    "database_damaged": "The database file is damaged. Stop the services and restore a backup (docs/backup.md).",
    "folder_gone": "The data folder is gone.",
    "folder_read_only": "The data folder cannot be written to.",
    "disk_full": "The disk is almost full: {free_mb} MB are left.",
    "spool_waiting": "Requests wait on the disk for more than two minutes: no worker of this machine takes them in.",
    "spool_aside": "Requests were given up. Run: flask spool list",
    "backup_old": "The last backup is more than a day old.",
}


def said(troubles: Iterable[Trouble]) -> Iterator[str]:
    """The troubles as sentences, without a word that is none of the world's business."""
    return (SENTENCES[trouble.kind].format(free_mb=trouble.free_mb) for trouble in troubles)
