"""The commands of `optimtext`, one a file; each is loaded when it is called, so that `--help` is quick."""
