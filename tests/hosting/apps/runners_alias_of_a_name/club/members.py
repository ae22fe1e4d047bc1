def list_members():
    return ["Ana", "Ben"]


list_member = list_members
