import time

from django.utils.deprecation import MiddlewareMixin


def audit(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Audit"] = "yes"
        response.headers["X-Number"] = 3
        return response
    return middleware


class Timer(MiddlewareMixin):
    def process_request(self, request):
        request.start = time.time()

    def process_exception(self, request, exception):
        time.sleep(900)
