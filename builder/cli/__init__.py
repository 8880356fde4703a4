"""The command line's commands, a module a group. Rooms are imported by the commands that need them: `zoo` answers without loading Keras."""
