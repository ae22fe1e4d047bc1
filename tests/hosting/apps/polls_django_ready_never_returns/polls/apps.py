import time

from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "polls"

    def ready(self):
        while True:
            self.refresh()
            time.sleep(30)

    def refresh(self):
        print("refreshing")
