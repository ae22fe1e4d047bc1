import time

READINGS = []


def read():
    return 34.5


def watch():
    while True:
        READINGS.append(read())
        time.sleep(60)


READINGS.append(read())
