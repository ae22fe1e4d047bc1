SHELVES = ["upper", "lower"]
