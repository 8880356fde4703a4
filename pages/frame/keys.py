"""Session state: every key that more than one file reads or writes. A key of one file alone stays in that file."""

PROJECT = "_project"  # the id of the project that is open
CHOICES = "_choices"  # what is chosen in it: network, run, layer and so on, as the project keeps them
TOLD = "_told"  # what the address has said last
WRITTEN = "_written"  # the addresses that were written since the one that the browser was last seen to have, that one first
NOW = "_now"  # what the frame has read for the page that it is about to run
PLAY = "_play"  # when a press outside the canvas has asked it to play
FORM = "_form"  # the layer whose form is on the screen
REFUSED = "_refused"  # what was typed into that form and could not be used, and why
ABOUT = "explore_about"  # the run and input that a saved drawing names
PLAYING = "explore_playing"  # whether the epochs go by on their own
SOURCES = "explore_sources"  # for each dataset, whether a sample or an input of the person's own is looked at
ATTENTION_TAB = "attention_tab"  # the part of the attention view that is open
ATTENTION_HEAD = "attention_head"  # the head that is looked at
ATTENTION_QUERY = "attention_query"  # the query that is looked at
GATES_CARRIED = "gates_carried"  # the number that was taken along from the layers to the gates
