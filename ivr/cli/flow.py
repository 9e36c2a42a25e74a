"""``flask flow``: the call as it is, drawn from the code."""

import click
from flask.cli import AppGroup

from ivr.flow import chart

flow = AppGroup("flow", help="The call flow.")


@flow.command("draw")
def draw() -> None:
    """Print the flow as a Mermaid diagram, found by walking every call."""
    click.echo(chart.mermaid())
