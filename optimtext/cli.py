"""The command line, `optimtext …`: a thin layer that finds the command and leaves the work to it."""

import importlib

import click

import optimtext

# The commands in the order in which `--help` lists them, and the module of each; its function has the same name.
COMMANDS: dict[str, str] = {
    "start": "optimtext.commands.start",
    "check": "optimtext.commands.check",
    "diagnose": "optimtext.commands.diagnose",
}


class Commands(click.Group):
    """A group that imports a command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or nothing where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command), "each module holds the command that it is listed for"
        return command


@click.group(cls=Commands)
@click.version_option(optimtext.__version__, prog_name="optimtext")
def main() -> None:
    """Learn how models learn: the textbook's companion on the command line."""
