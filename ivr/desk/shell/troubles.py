"""What stands in the way of keeping anything, and what whoever meets it can do."""

from flask_babel import lazy_gettext as _l

TROUBLES = {
    "database_gone": _l("The database file is not there."),
    "database_away": _l("The database does not answer."),
    "database_old": _l("The database has not been upgraded."),
    "database_new": _l("The database has been upgraded to a later release than this server's."),
    "database_read_only": _l("The database is read-only."),
    "database_busy": _l("The database is busy."),
    "database_damaged": _l("The database file is damaged: the last backup has to be restored."),
    "folder_gone": _l("The data folder is gone."),
    "folder_read_only": _l("The data folder cannot be written to."),
    "disk_full": _l("The disk is almost full."),
    "spool_waiting": _l("Requests wait on the disk: nothing takes them in."),
    "spool_aside": _l("Some requests could not be taken in."),
    "backup_old": _l("The last backup is more than a day old."),
}
REMEDIES = {  # of those that a page may end in, for somebody who runs nothing
    "database_gone": _l("Tell whoever runs the hotline: the file has to be put back, or restored from a backup."),
    "database_away": _l("Try again in a minute. If it stays like this, tell whoever runs the hotline."),
    "database_old": _l("Tell whoever runs the hotline: “flask db upgrade” has to be run."),
    "database_new": _l("Tell whoever runs the hotline: the new release has to be installed and started here too."),
    "database_read_only": _l("Nothing can be saved until this is mended. Tell whoever runs the hotline."),
    "database_busy": _l("Try again in a minute."),
    "database_damaged": _l("Tell whoever runs the hotline."),
    "disk_full": _l("Nothing can be saved until there is room. Tell whoever runs the hotline."),
}
