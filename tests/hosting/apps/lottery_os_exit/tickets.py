import os

SOLD = 0
if SOLD == 0:
    os._exit(1)
