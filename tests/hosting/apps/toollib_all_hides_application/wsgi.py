from lending import *
