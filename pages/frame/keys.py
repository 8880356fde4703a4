"""Session state keys that more than one file reads; a key that one file alone reads stands in that file."""

PROJECT = "_project"  # the id of the open project; "" where another is about to be opened
CHOICES = "_choices"  # what was chosen, by name: `state.chosen` and `state.choose`
TOLD = "_told"  # the query that the browser's address was last given

FORM = "_form"  # the prefix of the layer's form on the screen; "" while there is none
REFUSED = "_refused"  # values of that form that could not be set, by their widget's key, each with its reason

ABOUT = "explore_about"  # run, epoch and input in words: a saved drawing begins with it
PLAYING = "explore_playing"  # whether the epochs go by
ATTENTION_TAB = "attention_tab"  # "This run", "Next token", ...
ATTENTION_HEAD = "attention_head"  # index of the head that is looked at
ATTENTION_QUERY = "attention_query"  # index of the query position that is looked at
GATES_CARRIED = "gates_carried"  # a number of a layer's output that was pressed, by layer: where its arithmetic in the gates begins
