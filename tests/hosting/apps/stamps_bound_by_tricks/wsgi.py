import sys

import album

globals()["application"] = album.made
