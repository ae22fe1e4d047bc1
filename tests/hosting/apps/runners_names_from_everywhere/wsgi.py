from club import MEMBERS, VERSION, count, races
from club.races import *
from club.web import application

assert count(MEMBERS) == 2 and VERSION and races.TRACK and SHORT == 100
