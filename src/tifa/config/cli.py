"""The command `tifa`."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import django
from django.core.management import execute_from_command_line
from django.utils.translation import gettext as _

from tifa import __version__
from tifa.config.environment import SettingError, speak_the_citys_language
from tifa.config.memory import collect_seldom
from tifa.config.modes import choose_settings

BAD_INPUT = 2

# One module a command, with HELP, add_arguments(parser) and run(options); only the one that is called is loaded.
COMMANDS = {
    "demo": "tifa.config.commands.demo",
    "serve": "tifa.config.commands.serve",
    "import": "tifa.config.commands.import_workbook",
    "export": "tifa.config.commands.export_workbook",
    "gaps": "tifa.config.commands.gaps",
    "remind": "tifa.config.commands.remind",
    "news": "tifa.config.commands.news",
    "rank": "tifa.config.commands.rank",
    "instruments": "tifa.config.commands.instruments",
    "dossier": "tifa.config.commands.dossier",
    "judge": "tifa.config.commands.judge",
    "assign": "tifa.config.commands.assign",
    "verify": "tifa.config.commands.verify",
    "audit": "tifa.config.commands.audit",
    "discover": "tifa.config.commands.discover",
}


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogue; Django's own would ask for settings that are not read yet."""
    return sentence


# What argparse says by itself; it asks Python's gettext, which reads our catalogue.
OF_ARGPARSE = (
    gettext_noop("usage: "),
    gettext_noop("%(prog)s: error: %(message)s\n"),
    gettext_noop("positional arguments"),
    gettext_noop("options"),
    gettext_noop("show this help message and exit"),
    gettext_noop("show program's version number and exit"),
    gettext_noop("the following arguments are required: %s"),
    gettext_noop("unrecognized arguments: %s"),
    gettext_noop("expected one argument"),
    gettext_noop("ignored explicit argument %r"),
    gettext_noop("ambiguous option: %(option)s could match %(matches)s"),
    gettext_noop("argument %(argument_name)s: %(message)s"),
    gettext_noop("invalid choice: %(value)r (choose from %(choices)s)"),
    gettext_noop("invalid %(type)s value: %(value)r"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status: 0 done, 2 bad input."""
    collect_seldom()
    words = list(sys.argv[1:] if arguments is None else arguments)
    speak_the_citys_language()
    try:
        sys.exit(_run(words))
    except SettingError as error:
        print(f"tifa: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        sys.exit(0)


def _run(words: list[str]) -> int:
    # Small systems of equations are slower on several threads, and their last digits depend on the number.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    choose_settings()
    if words[:1] == ["manage"]:
        execute_from_command_line(["tifa manage", *words[1:]])
        return 0
    django.setup()
    parser = argparse.ArgumentParser(
        prog="tifa", description=_("The evaluation room of a city for its public-service innovations.")
    )
    parser.add_argument("--version", action="version", version=f"tifa {__version__}")
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"))
    called = next((word for word in words if word in COMMANDS), None)
    modules = {
        name: importlib.import_module(path) for name, path in COMMANDS.items() if called in {name, None}
    }
    for name, module in modules.items():
        module.add_arguments(commands.add_parser(name, help=str(module.HELP), description=str(module.HELP)))
    commands.add_parser("manage", help=_("the commands of Django, such as migrate or createsuperuser"))
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help()
        return BAD_INPUT
    status: int = modules[options.command].run(options)
    return status
