import sys

project_home = "{{ project_dir }}/shop"
if project_home not in sys.path:
    sys.path.insert(0, project_home)

from saddle import app as application
