import time


class Driver:
    def take(self):
        for attempt in range(20):
            time.sleep(30)
        return "Picture"
