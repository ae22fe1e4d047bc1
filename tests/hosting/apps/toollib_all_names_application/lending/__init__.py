from .web import *
