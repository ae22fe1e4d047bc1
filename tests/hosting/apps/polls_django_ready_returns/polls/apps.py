import time

from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "polls"

    def ready(self):
        for attempt in range(2):
            self.refresh()
            time.sleep(3)

    def refresh(self):
        print("refreshing")
