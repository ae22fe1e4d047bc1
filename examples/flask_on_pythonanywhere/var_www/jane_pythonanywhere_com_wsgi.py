# This file contains the WSGI configuration required to serve up your
# web application at http://jane.pythonanywhere.com/
# It works by setting the variable 'application' to a WSGI handler of some
# description.

import sys

# add your project directory to the sys.path
project_home = "/home/jane/mysite"
if project_home not in sys.path:
    sys.path = [project_home] + sys.path

# import flask app but need to call it "application" for WSGI to work
from website import app as application  # noqa
