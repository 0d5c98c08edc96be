"""`python -m optimtext` is the command line."""

from optimtext.cli import main

if __name__ == "__main__":
    main(prog_name="optimtext")
