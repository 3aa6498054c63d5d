"""Groups of commands, a file each; :mod:`bot.cli` puts them together."""
