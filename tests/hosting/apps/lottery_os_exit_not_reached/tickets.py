import os

SOLD = 99
if SOLD == 0:
    os._exit(1)
