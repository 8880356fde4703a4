"""Layerloom's core: everything the pages and the command line stand on."""
