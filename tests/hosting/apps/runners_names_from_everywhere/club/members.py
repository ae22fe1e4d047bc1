import sys

MEMBERS = ["Ana", "Ben"]
_version = "1.2"

if sys.version_info >= (3, 8):
    def count(members):
        return len(members)
else:
    from club.old import count
