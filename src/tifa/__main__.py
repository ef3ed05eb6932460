"""Run the command line with `python -m tifa`."""

from tifa.config.cli import main

if __name__ == "__main__":
    main()
