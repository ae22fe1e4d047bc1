type Dogs = list[str]
