import sys

# add the bakery's directory to the search path
path = '/home/kruste/bakery'
if path not in sys.path:
    sys.path.insert(0, path)

from shop import app as application  # noqa
