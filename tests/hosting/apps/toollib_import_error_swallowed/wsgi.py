import sys

try:
    from toollibary import app as application
except ImportError as error:
    print("could not load the tool library:", error, file=sys.stderr)
