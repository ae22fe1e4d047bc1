def list_members():
    return ["Ana", "Ben"]
