"""The command `tifa`."""

import argparse
import importlib
import sys
from collections.abc import Sequence

import django
from django.core.management import execute_from_command_line

from tifa import __version__
from tifa.config.environment import SettingError
from tifa.config.modes import choose_settings

BAD_INPUT = 2

# One module a command, with HELP, add_arguments(parser) and run(options); only the one that is called is loaded.
COMMANDS = {
    "demo": "tifa.config.commands.demo",
    "serve": "tifa.config.commands.serve",
    "import": "tifa.config.commands.import_workbook",
    "export": "tifa.config.commands.export_workbook",
    "gaps": "tifa.config.commands.gaps",
    "rank": "tifa.config.commands.rank",
    "judge": "tifa.config.commands.judge",
    "assign": "tifa.config.commands.assign",
    "verify": "tifa.config.commands.verify",
    "audit": "tifa.config.commands.audit",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status: 0 done, 2 bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.exit(_run(words))
    except SettingError as error:
        print(f"tifa: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        sys.exit(0)


def _run(words: list[str]) -> int:
    choose_settings()
    if words[:1] == ["manage"]:
        execute_from_command_line(["tifa manage", *words[1:]])
        return 0
    parser = argparse.ArgumentParser(
        prog="tifa", description="The evaluation room of a city for its public-service innovations."
    )
    parser.add_argument("--version", action="version", version=f"tifa {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    django.setup()
    called = next((word for word in words if word in COMMANDS), None)
    modules = {
        name: importlib.import_module(path) for name, path in COMMANDS.items() if called in {name, None}
    }
    for name, module in modules.items():
        module.add_arguments(commands.add_parser(name, help=module.HELP, description=module.HELP))
    commands.add_parser("manage", help="the commands of Django, such as migrate or createsuperuser")
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help()
        return BAD_INPUT
    status: int = modules[options.command].run(options)
    return status
