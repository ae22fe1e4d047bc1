MEMBERS = ["Ana", "Ben"]
