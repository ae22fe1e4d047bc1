def bark(times):
	sound = "wuff"
	if times:
		return sound * times
	return ""
