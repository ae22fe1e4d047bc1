COLOUR = " in red"
