import time

READINGS = []


def read():
    return 34.5


while True:
    READINGS.append(read())
    time.sleep(60)
