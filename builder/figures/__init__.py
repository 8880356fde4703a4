"""Arrays in, a figure or a picture out; `palette` has every colour."""
