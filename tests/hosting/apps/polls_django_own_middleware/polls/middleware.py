class PollingStation:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.station = 7
        return self.get_response(request)


def count_votes(get_response):
    def middleware(request):
        return get_response(request)

    return middleware
