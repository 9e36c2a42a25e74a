"""The hotline: an application made of a pure call flow and thin edges."""

import sys

import pysqlite3

# Two SQLite libraries on one file in one process break its locks, and the system's may have the write-ahead-log
# race: everything that says sqlite3, SQLAlchemy and DBOS included, gets the sound one. Before any other import.
sys.modules["sqlite3"] = pysqlite3
