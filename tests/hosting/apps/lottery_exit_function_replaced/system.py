def exit(status):
    print("not leaving", status)
