from .members import *
from .members import _version as VERSION
