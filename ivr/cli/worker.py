"""``flask worker``: the work that nobody waits for."""

import sys
from typing import cast

import click
from flask.cli import ScriptInfo, pass_script_info

from ivr.app import App
from ivr.errors import ConfigError


@click.command("worker")
@pass_script_info
def worker(info: ScriptInfo) -> None:
    """Fetch recordings and repair what got stuck, until told to stop."""
    from ivr.jobs.worker import run  # only the worker loads the jobs

    try:
        run(cast(App, info.load_app()))
    except ConfigError as error:
        click.echo(error, err=True)
        sys.exit(2)
