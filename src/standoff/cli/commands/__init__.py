"""One module per command: `add_arguments` says what it takes, `run` does it.

`run` returns the exit status. Whatever it imports, it imports when it runs.
"""
