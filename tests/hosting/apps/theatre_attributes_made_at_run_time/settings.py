for _name, _value in {"SEASON": "Season 2026", "SEATS": 99}.items():
    globals()[_name] = _value


def __getattr__(name):
    if name == "CURTAIN":
        return "red"
    raise AttributeError(name)
