import sys

PAGES = 24


def main():
    print("printing", PAGES, "pages")
    return 0


sys.exit(main())
